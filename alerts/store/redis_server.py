"""Which server answers: Redis or Valkey, in which version, in which run. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

FREE_OF_TORN_LOGS = (9, 1, 2)
"""The first Valkey known to cut a torn script from its log whole."""


@dataclass(frozen=True, slots=True)
class Server:
    """What a server says of itself."""

    name: str  # redis or valkey
    version: tuple[int, ...]
    run_id: str
    pid: int

    @property
    def may_tear_logs(self) -> bool:
        """Whether its log must be written anew after a restart."""
        return not (self.name == "valkey" and self.version >= FREE_OF_TORN_LOGS)

    @property
    def shown_version(self) -> str:
        """As people write it."""
        return ".".join(map(str, self.version))


def server_from_info(info: Mapping[str, str]) -> Server:
    """Read the section ``server`` of INFO."""
    name = info.get("server_name", "redis")
    version = info.get(f"{name}_version") or info.get("redis_version", "0")
    numbers = tuple(int(part) for part in version.split(".") if part.isdigit())
    return Server(name, numbers, info.get("run_id", ""), int(info.get("process_id", 0)))
