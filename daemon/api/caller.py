"""Who asks: known by a token, or by where the request comes from. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from daemon.access.scope import Scope, allows


@dataclass(frozen=True, slots=True)
class Caller:
    """``name`` stands in the audit log: a token's, ``token_file``, or ``local``."""

    name: str
    scopes: frozenset[Scope]

    def may(self, needed: Scope) -> bool:
        """Whether its scopes are enough."""
        return allows(self.scopes, needed)

    def refusal(self, needed: Scope) -> str:
        """What to say where they are not."""
        held: Sequence[str] = sorted(self.scopes)
        return f"the token `{self.name}` has the scope {', '.join(held)}: this needs {needed}"


EVERYTHING = frozenset(Scope)

LOCAL = Caller("local", EVERYTHING)
"""Whoever is on this machine, where no token is configured."""

BY_FILE = Caller("token_file", EVERYTHING)
"""Whoever holds the token of ``http.token_file``."""
