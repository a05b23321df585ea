"""What the dashboard shows: rows of panels, each with its queries. ``dashboard.py`` makes Grafana's JSON of them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Panel:
    """One picture: each query with how its lines are called. ``@`` stands for the chosen jobs and instances."""

    title: str
    queries: Sequence[tuple[str, str]]
    about: str
    unit: str = "short"
    kind: str = "timeseries"
    limits: tuple[float, float] | None = None  # from where on it is yellow, and red
    width: int = 8


def rate(metric: str, *by: str, labels: str = "") -> str:
    """A second's increase of a counter, by some of its labels."""
    chosen = f"@, {labels}" if labels else "@"
    grouped = f"sum by ({', '.join(by)})" if by else "sum"
    return f"{grouped} (rate({metric}{{{chosen}}}[$__rate_interval]))"


def quantile(share: float, metric: str) -> str:
    """Of a histogram, over all chosen processes."""
    return f"histogram_quantile({share}, sum by (le) (rate({metric}_bucket{{@}}[$__rate_interval])))"


def spread(metric: str) -> list[tuple[str, str]]:
    """The middle and the slow end of a histogram."""
    return [(quantile(0.5, metric), "half"), (quantile(0.95, metric), "95 %"), (quantile(0.99, metric), "99 %")]


ROWS: dict[str, Sequence[Panel]] = {
    "Overview": (
        Panel("Ready", [("min(rasid_ready{@})", "")], "1: every process does its work.", kind="stat", width=4),
        Panel(
            "Alerts today",
            [("sum(increase(rasid_alerts_total{@}[24h]))", "")],
            "Opened within 24 hours.",
            kind="stat",
            width=4,
        ),
        Panel(
            "Oldest undelivered",
            [("max(rasid_outbox_oldest_seconds{@})", "")],
            "Age of the oldest alert that waits for its receiver.",
            unit="s",
            kind="stat",
            limits=(300, 900),
            width=4,
        ),
        Panel(
            "Behind the source",
            [("max(rasid_consumer_lag_seconds{@})", "")],
            "Age of the last record read, 0 where there is no later one. Kafka only.",
            unit="s",
            kind="stat",
            limits=(60, 300),
            width=4,
        ),
        Panel(
            "Receivers failing",
            [("sum(max by (receiver) (rasid_receiver_failing_seconds{@}) > bool 0)", "")],
            "Receivers that have not worked since they last failed.",
            kind="stat",
            limits=(1, 3),
            width=4,
        ),
        Panel(
            "Configuration valid",
            [("min(rasid_config_valid{@})", "")],
            "0: a file on disk has errors, and an older set is in force.",
            kind="stat",
            width=4,
        ),
        Panel(
            "Records a second", [(rate("rasid_records_total", "outcome"), "{{outcome}}")], "What became of each.", "ops"
        ),
        Panel(
            "Records by source",
            [(rate("rasid_source_records_total", "source"), "{{source}}")],
            "Of each configured source.",
            "ops",
        ),
        Panel(
            "Articles by outlet, an hour",
            [("sum by (outlet) (increase(rasid_outlet_articles_total{@}[1h]))", "{{outlet}}")],
            "Of the outlets that `stories.outlets` names.",
        ),
        Panel(
            "From admission to 2xx",
            spread("rasid_delivery_seconds"),
            "How long alerts took to reach their receivers.",
            "s",
        ),
        Panel(
            "Invalid records",
            [(rate("rasid_invalid_records_total", "reason"), "{{reason}}")],
            "Records that hold no article, by reason.",
            "ops",
        ),
        Panel(
            "Alerts that fire",
            [
                (
                    'sum by (alertname, severity) (ALERTS{alertname=~"Rasid.+", alertstate="firing", job=~"$job"})',
                    "{{alertname}}",
                )
            ],
            "Of deploy/prometheus/rasid.rules.yaml; docs/operate.md has a section for each.",
        ),
    ),
    "Topics": (
        Panel(
            "Matches a second", [(rate("rasid_matches_total", "topic"), "{{topic}}")], "Articles on each topic.", "ops"
        ),
        Panel(
            "Alerts opened, an hour",
            [("sum by (topic) (increase(rasid_alerts_total{@}[1h]))", "{{topic}}")],
            "By topic.",
        ),
        Panel(
            "What topics cost",
            [(rate("rasid_topic_seconds_total", "topic"), "{{topic}}")],
            "Seconds a second, beyond what all topics share: 0.1 is a tenth of a core.",
            "s",
        ),
        Panel("Updates", [(rate("rasid_updates_total", "reason"), "{{reason}}")], "Why alerts were updated.", "ops"),
        Panel(
            "Withheld",
            [(rate("rasid_withheld_total", "reason"), "{{reason}}")],
            "By hours, silences, inhibition.",
            "ops",
        ),
        Panel(
            "Near misses",
            [(rate("rasid_near_misses_total", "outcome"), "{{outcome}}")],
            "Articles noted for `rasid why`.",
            "ops",
        ),
    ),
    "Deliveries": (
        Panel(
            "Requests by receiver",
            [(rate("rasid_attempts_total", "receiver", "reply"), "{{receiver}} {{reply}}")],
            "And what came of them.",
            "ops",
        ),
        Panel(
            "Waiting by receiver",
            [
                ("max by (receiver) (rasid_receiver_ready{@})", "{{receiver}}"),
                ("max(rasid_outbox_pending{@})", "digest"),
            ],
            "Unfinished deliveries; those of a backlog wait for a digest.",
        ),
        Panel(
            "Failing since",
            [("max by (receiver) (rasid_receiver_failing_seconds{@})", "{{receiver}}")],
            "Since the first failure without a success after it.",
            "s",
        ),
        Panel("A request takes", spread("rasid_attempt_seconds"), "Of all receivers.", "s"),
        Panel(
            "Held back and disabled",
            [
                ("max by (receiver) (rasid_receiver_held_back{@})", "{{receiver}} held back"),
                ("max by (receiver) (rasid_receiver_disabled{@})", "{{receiver}} disabled"),
            ],
            "Probed now and then only; not called at all.",
        ),
        Panel(
            "Given up and flawed, an hour",
            [
                ("sum by (reason) (increase(rasid_dead_deliveries_total{@}[1h]))", "given up: {{reason}}"),
                ("sum by (reason) (increase(rasid_flawed_deliveries_total{@}[1h]))", "flawed: {{reason}}"),
            ],
            "`rasid deliveries list` shows those given up, `replay` sends them.",
        ),
    ),
    "Kafka": (
        Panel(
            "Records behind",
            [("max by (partition) (rasid_consumer_lag_records{@})", "{{partition}}")],
            "Records after our position.",
        ),
        Panel(
            "Seconds behind",
            [("max by (partition) (rasid_consumer_lag_seconds{@})", "{{partition}}")],
            "Age of the last record read.",
            "s",
        ),
        Panel(
            "Partitions by process",
            [("sum by (instance, source) (rasid_source_partitions{@})", "{{instance}} {{source}}")],
            "How the partitions are shared.",
        ),
        Panel(
            "Rebalances and rebuilds, an hour",
            [
                ("sum by (instance) (increase(rasid_rebalances_total{@}[1h]))", "{{instance}} rebalances"),
                (
                    "sum by (instance, reason) (increase(rasid_consumer_rebuilds_total{@}[1h]))",
                    "{{instance}} {{reason}}",
                ),
            ],
            "A rebuild replaces a client that stood still.",
        ),
        Panel("Seeks", [(rate("rasid_seeks_total", "reason"), "{{reason}}")], "Times the position was moved.", "ops"),
        Panel(
            "Records that were gone",
            [("sum by (reason) (increase(rasid_skipped_offsets_total{@}[1h]))", "{{reason}}")],
            "Passed over, for Kafka no longer had them: never looked at.",
        ),
    ),
    "Redis": (
        Panel("Answers", [("min by (instance) (rasid_redis_up{@})", "{{instance}}")], "1 while it does.", width=6),
        Panel(
            "Unsafe",
            [("max by (reason) (rasid_redis_unsafe{@})", "{{reason}}")],
            "1: it may lose what it has.",
            width=6,
        ),
        Panel(
            "Memory",
            [("max(rasid_redis_memory_used_bytes{@})", "used"), ("max(rasid_redis_memory_limit_bytes{@})", "limit")],
            "Reading pauses at 80 % of the limit; 0 is no limit.",
            "bytes",
            width=6,
        ),
        Panel("A question takes", spread("rasid_redis_answer_seconds"), "One INFO.", "s", width=6),
        Panel("A batch takes", spread("rasid_admit_seconds"), "From the look-up to the write.", "s"),
        Panel(
            "Answers to batches", [(rate("rasid_admit_answers_total", "answer"), "{{answer}}")], "done is usual.", "ops"
        ),
        Panel(
            "Outbox",
            [
                ("max(rasid_outbox_ready{@})", "unfinished"),
                ("max(rasid_outbox_pending{@})", "for a digest"),
                ("max(rasid_outbox_dead{@})", "given up"),
                ("sum(increase(rasid_realerted_total{@}[1h]))", "told again after a loss"),
                ("max(rasid_consumer_paused{@})", "reading paused"),
            ],
            "What Redis holds for receivers.",
        ),
    ),
    "Process": (
        Panel(
            "Matching an article", spread("rasid_match_seconds"), "Decoding and matching, averaged over a batch.", "s"
        ),
        Panel("The loop is late", spread("rasid_loop_late_seconds"), "Past 0.05 s something holds it up.", "s"),
        Panel(
            "CPU",
            [("rate(process_cpu_seconds_total{@}[$__rate_interval])", "{{instance}}")],
            "1 is a whole core.",
            "percentunit",
        ),
        Panel("Memory of a process", [("process_resident_memory_bytes{@}", "{{instance}}")], "Resident.", "bytes"),
        Panel("Open files", [("process_open_fds{@}", "{{instance}}")], "Sockets too."),
        Panel(
            "Reloads, an hour",
            [("sum by (instance, result) (increase(rasid_reloads_total{@}[1h]))", "{{instance}} {{result}}")],
            "Of topics and configuration.",
        ),
    ),
}
