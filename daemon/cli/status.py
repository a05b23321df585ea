"""``rasid status``: how a running daemon is doing, in one screen."""

import argparse
from typing import Any

from daemon.cli.config_option import add_config_option
from processors.counted import counted

EXAMPLES = """examples:
  rasid status -c rasid.yaml
  rasid status -c rasid.yaml --json     for programs
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    status = commands.add_parser(
        "status",
        help="how a running daemon is doing: what it waits for, where it reads, what is not delivered",
        description="Exit status: 0 it is ready, 1 it is not, or no daemon answers.",
        epilog=EXAMPLES,
    )
    add_config_option(status)
    status.add_argument("--json", action="store_true", help="all of it, as the API says it")
    status.set_defaults(run=_show)


def _show(options: argparse.Namespace) -> int:
    import json

    from daemon.cli.http_client import Client

    status = Client(options.config).get("/api/v1/status")
    print(json.dumps(status, indent=1, ensure_ascii=False) if options.json else "\n".join(describe(status)))
    return 0 if status["ready"] else 1


def describe(status: dict[str, Any]) -> list[str]:
    """The lines that a person reads."""
    from alerts.notices.timestamp import rfc3339

    lines = [f"{status['name']}, instance {status['instance']}, pid {status['pid']}, version {status['version']}"]
    lines += [f"not ready: {reason}" for reason in status["reasons"]] or ["ready"]
    lines += [f"configuration: {problem}" for problem in status["config"]["problems"]]
    lines += [f"changed, read at the next start only: {key}" for key in status["config"]["restart_needed"]]
    lines += _redis(status.get("redis"))
    lines += [
        f"{each['source']} does not answer: {each['fails']}" for each in status.get("sources", ()) if each["fails"]
    ]
    if (outbox := status["outbox"]) is not None:
        waits = f", {outbox['pending']} waiting for others or for their hour" if outbox["pending"] else ""
        lines.append(f"deliveries: {outbox['ready']} unfinished{waits}, {outbox['dead']} given up")
    for name, receiver in status["receivers"].items():
        stands = f", disabled: {receiver['disabled']}" if receiver["disabled"] else ""
        if (row := receiver["failing"]) is not None and not stands:
            stands = f", {receiver['state']} since {rfc3339(row['since_ms'])} ({counted(row['failures'], 'failure')})"
        unfinished = "what waits is not known now" if receiver["ready"] is None else f"{receiver['ready']} unfinished"
        lines.append(f"receiver {name}: {unfinished}{stands}")
    if not status["positions"]:
        lines.append("no partition is read here")
    for partition, position in status["positions"].items():
        lag = status["lag"].get(partition)
        behind = f", {lag['records']} behind ({lag['seconds']:.0f} s)" if lag else ""
        lines.append(f"{partition}: at {position}{behind}")
    return lines


def _redis(known: dict[str, Any] | None) -> list[str]:
    """Nothing of a daemon that has not met its store yet; ``reasons`` say so."""
    if known is None:
        return []
    if not known["reachable"]:
        return ["Redis does not answer" + (f": it is not safe ({known['flaw']})" if known["flaw"] else "")]
    used = f"{known['used_bytes'] / 1e6:.1f} MB used"
    limit = f" of {known['limit_bytes'] / 1e6:.1f} MB" if known["limit_bytes"] else ""
    safe = "" if known["safe"] else f", may lose alerts: {known['flaw']}"
    return [f"{known['server'].capitalize()} {known['version']}: {used}{limit}{safe}"]
