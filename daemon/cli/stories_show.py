"""``rasid stories show``: one story, article by article, why each belongs to it, and what was told of it."""

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from daemon.cli.config_option import add_config_option
from processors.counted import counted

EXAMPLES = """examples:
  rasid stories show -c rasid.yaml k3fq7m2a
"""

_RELATIONS = {
    "new": "began the story",
    "same_article": "the same article again",
    "copy": "a copy",
    "same_story": "another report",
}

_DATES = {"no_date": "it has no date", "impossible": "its date cannot be", "future": "its date was yet to come"}


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb."""
    parser = verbs.add_parser(
        "show",
        help="one story: its articles in order, why each joined, what was told",
        description="The articles of a story in the order in which they were read, with their relation to it and the "
        "reasons, then the notices and what became of them. Exit status 1 where no story has that id.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_config_option(parser)
    parser.add_argument("story", metavar="STORY", help="its id, or as much of the beginning as no other story has")
    parser.add_argument("--format", choices=("text", "json"), help="default: text on a terminal, else json")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    import json
    from urllib.parse import quote

    from daemon.cli.http_client import Client

    story = Client(options.config).get(f"/api/v1/stories/{quote(options.story, safe='') or '-'}")
    if options.format == "json" or (options.format is None and not sys.stdout.isatty()):
        print(json.dumps(story, ensure_ascii=False))
    else:
        print("\n".join(story_lines(story)))
    return 0


def story_lines(story: dict[str, Any]) -> Iterator[str]:
    """The lines that a person reads."""
    reports = story["independent_sources"]
    yield f"{story['story']}  \u2068{story['headline']}\u2069"
    yield (
        f"  {counted(story['articles'], 'article')}, {'?' if reports is None else reports} independent, "
        f"from {_minute(story['first_seen'])} to {_minute(story['last_seen'])}"
        + ("" if story["remembered"] else "; the story is no longer remembered")
    )
    if story["left_out"] or not story["from_the_start"]:
        left_out = _left_out(story["left_out"]) if story["left_out"] else "earlier ones are not in it any more"
        yield f"  the decision log shows these articles; {left_out}"
    for each in story["timeline"]:
        yield from _article_lines(each)
    yield from notice_lines(story["notices"])


def _left_out(number: int) -> str:
    return "1 earlier one is left out" if number == 1 else f"{number} earlier ones are left out"


def _article_lines(article: dict[str, Any]) -> Iterator[str]:
    outlet = f"\u2068{article['outlet']}\u2069  " if article["outlet"] else ""
    times = f"  ({article['times']} times)" if article["times"] > 1 else ""
    came = "" if article["dated"] == "published" else f" (its arrival: {_DATES[article['dated']]})"
    yield f"  {_minute(article['published'])}{came}  {outlet}\u2068{article['headline']}\u2069{times}"
    of = f" of \u2068{article['of']}\u2069" if article["of"] and article["of"] != article["article"] else ""
    why = f": {'; '.join(article['because'])}" if article["because"] else ""
    yield f"      {_RELATIONS.get(article['relation'], article['relation'])}{of}{why}"
    yield f"      \u2068{article['article']}\u2069"


def notice_lines(notices: list[dict[str, Any]]) -> Iterator[str]:
    """What was told, a line for each receiver."""
    for notice in notices:
        yield f"  {_minute(notice['at'])}  {notice['topic']}: {notice['reason']}"
        for each in notice["receivers"]:
            yield f"      {each['receiver']}: {receiver_state(each)}"
        for each in notice["withheld"]:
            when = f" when its turn came, {_minute(each['at'])}" if each["at"] else ""
            yield f"      {each['receiver']}: {each['why']} ({each['by']}){when}"
        if not notice["receivers"] and not notice["withheld"]:
            yield "      no route sends it anywhere"


def receiver_state(each: dict[str, Any]) -> str:
    """What became of a delivery, in words: delivered when, waiting since when, dead because of what."""
    since = f" since {_minute(each['since'])}" if each["since"] else ""
    match each["state"]:
        case "pending":
            return _waits(each) + since
        case "unfinished":
            failed = f", {counted(each['attempts'], 'attempt')} failed" if each["attempts"] else ""
            return f"waiting{since}{failed}{_last(each)}"
        case "delivered":
            at = each["since"] or each["at"]
            how = f"delivered in digest {each['digest_id']}" if each["digest_id"] else "delivered"
            return ("went out in a digest" if each["digest"] and not each["digest_id"] else how) + (
                f" at {_minute(at)}" if at else ""
            )
        case "dead":
            return f"dead{since} because {each['reason']}, after {counted(each['attempts'], 'attempt')}{_last(each)}"
        case _:
            return "what became of it is forgotten"


def _waits(each: dict[str, Any]) -> str:
    until = f" until {each['until'][:19].replace('T', ' ')}" if each["until"] else ""
    match each["waits_for"]:
        case "group":
            return f"waits for others of its group{until}"
        case "scheduled":
            return f"waits for the digest of its hour{until}"
        case "throttled":
            return f"throttled{until}, then told in a digest"
        case _:
            return "waits for its digest"


def _last(each: dict[str, Any]) -> str:
    if each["at"] is None:
        return ""
    said = each["error"] or f"HTTP {each['status']}"
    return f" (last {_minute(each['at'])}: {said})"


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")
