"""Text for chats that read Slack's or Mattermost's signs in it: a headline must not ring everybody's phone. Pure."""

import re

# Invisible, of no width, and no break of the line: what stands before it is no longer a sign to the chat.
_WORD_JOINER = "\u2060"

# ``@channel``, ``@all`` and people's names, in Mattermost and Rocket.Chat; ``[text](somewhere else)``, ``![…](…)``.
_MENTION = re.compile(r"@(?=\w)")
_MASKED_LINK = re.compile(r"\](?=[(\[])")

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def escaped(text: str) -> str:
    """``text`` as it reads, without mentions, masked links and Slack's ``<!channel>``."""
    text = _MENTION.sub(f"@{_WORD_JOINER}", text)
    return _MASKED_LINK.sub(f"]{_WORD_JOINER}", text).translate(_ESCAPES)
