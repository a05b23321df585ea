"""Writes the pages of ``docs/`` that are made from the code: ``make docs``. A test fails while one is out of date."""

import argparse
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

import alerts.store.keys
from daemon.api.http_table import openapi_text
from daemon.cli.main import build_parser
from daemon.cli.topics_schema import schema_text
from daemon.config.config import Config
from daemon.config.values import show_duration
from daemon.metrics.metrics import every_metric
from daemon.reload import NEEDS_RESTART
from processors.entities.lint_rules import RULES as ENTITY_RULES
from processors.topics.lint.rules import RULES
from scripts.dashboard import dashboard
from scripts.update_schemas import update_schema

DOCS = Path(__file__).parent.parent / "docs"

MADE = "<!-- Made from the code by `make docs`. Change it there. -->\n"


def configuration_page() -> str:
    """Every key of the configuration file."""
    rows = [f"| `{key}` | {default} | {text} |" for key, default, text in configuration_keys()]
    return "\n".join(
        [
            MADE,
            "# Configuration",
            "",
            "One YAML file, given to `rasid run -c`. A complete one to start from is `deploy/rasid.example.yaml`.",
            "",
            "- An unknown key is an error that names the nearest known one. `rasid check -c rasid.yaml` lists every",
            "  problem with its line; nothing of a file with problems is used.",
            "- Relative paths begin at the configuration file's folder.",
            "- Durations are written `500ms`, `30s`, `5m`, `72h`, `30d`, or together: `1h30m`.",
            "- Secrets are never in the file. It names the file or the environment variable that holds them.",
            "- A changed file is read again by itself, on SIGHUP, and on `POST /-/reload`. With an error in it the old",
            f"  set stays in force. Read at the start only: {', '.join(f'`{key}`' for key in NEEDS_RESTART)}.",
            "  The log says when one of them changed.",
            "",
            "`[]` stands for each item of a list.",
            "",
            "| key | default | meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def configuration_keys(model: type[BaseModel] = Config, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """(dotted key, default, meaning) of every key below ``model``."""
    for name, field in model.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        several, inner = _models_in(field.annotation)
        text = (field.description or "").replace("|", "\\|")
        yield key, _default(field.default, required=field.is_required()), text
        if inner is not None and inner is not model:
            yield from configuration_keys(inner, f"{key}[]." if several else f"{key}.")


def _models_in(annotation: Any) -> tuple[bool, type[BaseModel] | None]:
    """Whether the annotation is a list, and the section in it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return False, annotation
    for part in get_args(annotation):
        several, inner = _models_in(part)
        if inner is not None:
            return several or getattr(annotation, "__origin__", None) is tuple, inner
    return False, None


def _default(value: Any, *, required: bool) -> str:
    if required or value is PydanticUndefined:
        return "required"
    if value is None:
        return "–"
    if isinstance(value, BaseModel):
        return ""
    return f"`{_written(value)}`"


def _written(value: Any) -> str:
    if isinstance(value, timedelta):
        return show_duration(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    return "{}" if value == {} else str(value)


def metrics_page() -> str:
    """Every metric."""
    rows = [
        f"| `{name}` | {', '.join(f'`{label}`' for label in labels) or '–'} | {text} |"
        for name, text, labels in every_metric()
    ]
    return "\n".join(
        [
            MADE,
            "# Metrics",
            "",
            "At `/metrics` of `http.listen`, open to whoever reaches it. Labels come from closed sets; the first 100",
            "topics and receivers of the configuration have series of their own, the rest share `other`, so that",
            "there are never more than 2,000 series. The usual `process_…` metrics of the client library are there",
            "too. What to watch, and what to do about it: [operate.md](operate.md).",
            "",
            "| metric | labels | meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def keys_page() -> str:
    """What Rasid keeps in Redis."""
    return "\n".join([MADE, "# Keys in Redis", "", (alerts.store.keys.__doc__ or "").strip().replace("``", "`"), ""])


def cli_page() -> str:
    """Every command with its options."""
    lines = [
        MADE,
        "# Command line",
        "",
        "Data goes to standard output, everything else to standard error. Exit status: 0 done; 1 problems found;",
        "2 wrong usage, unreadable input, bad topics or configuration; 3 refused. `NO_COLOR` is respected.",
        "",
    ]
    for prog, parser in commands():
        lines += [f"## `{prog}`", ""]
        for paragraph in (parser.description or "").split("\n\n"):
            lines += [" ".join(paragraph.split()), ""]
        rows = list(_option_rows(parser))
        if rows:
            lines += ["| | |", "|---|---|", *rows, ""]
        if parser.epilog:
            lines += ["```text", parser.epilog.strip(), "```", ""]
    return "\n".join(lines)


def commands(parser: argparse.ArgumentParser | None = None) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """(full command, its parser) of every command, verbs of commands included."""
    if parser is not None:
        yield parser.prog, parser
    for action in (parser or build_parser())._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from commands(child)


def _option_rows(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction | argparse._HelpAction) or action.help == argparse.SUPPRESS:
            continue
        value = action.metavar or (f"{{{','.join(map(str, action.choices))}}}" if action.choices else "")
        if action.option_strings:
            shown = ", ".join(action.option_strings) + (f" {value}" if value and action.nargs != 0 else "")
        else:
            shown = f"{value or action.dest}{'…' if action.nargs in ('*', '+') else ''}"
        text = re.sub(r"\s+", " ", action.help or "").replace("|", "\\|")
        yield f"| `{shown}` | {text} |"


def lint_page() -> str:
    """Every rule of the linter."""
    lines = [
        MADE,
        "# What the linter finds",
        "",
        "`rasid lint -t topics/` looks for these in topics and lists. An `error` is a part that can never do anything,",
        "a `warning` finds too little or too much, a `hint` is worth a second look. Where a topic or a list is right",
        'all the same, it says so: `lint: {ignore: {RSD103: "the animal is meant"}}`.',
        "",
        "| code | | what | why, and what to do |",
        "|---|---|---|---|",
    ]
    for rule in RULES:
        title, why = (text.replace("|", "\\|") for text in (rule.title, rule.why))
        lines.append(f"| {rule.code} | {rule.severity} | {title} | {why} |")
    lines += ["", "`rasid entities check entities/` looks for these in entities, and says what to write instead.", ""]
    lines += ["| code | what |", "|---|---|", *(f"| {rule.code} | {rule.title} |" for rule in ENTITY_RULES)]
    return "\n".join([*lines, ""])


PAGES: dict[str, Callable[[], str]] = {
    "configuration.md": configuration_page,
    "metrics.md": metrics_page,
    "keys.md": keys_page,
    "cli.md": cli_page,
    "openapi.json": openapi_text,
    "lint.md": lint_page,
    "schema/topics.schema.json": lambda: schema_text("topics"),
    "schema/entities.schema.json": lambda: schema_text("entities"),
    "../deploy/grafana/rasid.json": dashboard,
    # Helm reads no file outside of its chart.
    "../deploy/helm/rasid/files/rasid.rules.yaml": (DOCS.parent / "deploy/prometheus/rasid.rules.yaml").read_text,
    "../alerts/schemas/alert.updated.json": lambda: update_schema("alert.updated"),
    "../alerts/schemas/alert.corrected.json": lambda: update_schema("alert.corrected"),
}


if __name__ == "__main__":
    for page, content in PAGES.items():
        (DOCS / page).write_text(content(), encoding="utf-8")
