"""The daemon with one bug in it, to see whether the checker finds it: ``python -m tests.faults.planted BUG run -c …``.

Each bug replaces one function, or a few lines of one script; one that does not apply any more ends with an error.
"""

import asyncio
import dataclasses
import secrets
import sys
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import msgspec

import alerts.admission.redis_admission as redis_admission
import alerts.outbox.redis_outbox as redis_outbox
import alerts.senders.http_sender as http_sender
import daemon.kafka.kafka_dead_letters as kafka_dead_letters
import daemon.paced as paced
from alerts.admission.admission import Admitted, Answer, Batch
from alerts.ids import delivery_id
from alerts.model import Alert, Delivery, Leased
from alerts.notices.payload import delivery_to
from alerts.receiver import Receiver
from alerts.senders.signature import sign
from daemon.cli.main import main
from daemon.sources.dead_letters import Rejected

MOMENT_SECONDS = 0.3
"""Between two halves of what should be one: long enough for a kill."""

CHECKPOINT = 'local checkpoint = tonumber(redis.call("HGET", KEYS[3], partition))'
"""Of admit.lua."""

RedisAdmission = redis_admission.RedisAdmission
Value = TypeVar("Value")
Admit = Callable[[Any, Batch], Any]


def replaced(value: Value, **changes: Any) -> Value:
    """A copy of a value of ours, of whichever kind it is."""
    replace: Any = msgspec.structs.replace if isinstance(value, msgspec.Struct) else dataclasses.replace
    copy: Value = replace(value, **changes)
    return copy


def instead(module: ModuleType, name: str, made: Callable[..., Any]) -> None:
    """``module`` calls ``made`` by this name."""
    assert name in vars(module), f"{module.__name__} does not call {name} any more"
    setattr(module, name, made)


def in_script(module: Any, script: str, before: str, after: str) -> None:
    """Scripts of ``module`` are loaded with ``after`` instead of ``before``."""
    loaded = module.load_script

    def load(redis: Any, package: str, name: str) -> Any:
        if name != script:
            return loaded(redis, package, name)
        text = files(package).joinpath(f"{name}.lua").read_text(encoding="utf-8")
        assert before in text, f"{name}.lua does not say any more: {before}"
        return redis.register_script(text.replace(before, after))

    module.load_script = load


def commit_first() -> None:
    in_script(redis_admission, "admit", CHECKPOINT, "local checkpoint = a")
    admit: Admit = RedisAdmission.admit

    async def checkpoint_first(self: Any, batch: Batch) -> Admitted:
        checkpoints = self._keys.key("checkpoints")
        if await self._redis.get(self._keys.key("incarnation")) == batch.incarnation.encode():
            await self._redis.hset(checkpoints, batch.partition, batch.b)
        await asyncio.sleep(MOMENT_SECONDS)
        answer: Admitted = await admit(self, batch)
        return answer

    RedisAdmission.admit = checkpoint_first  # type: ignore[method-assign]


def split_admit() -> None:
    in_script(redis_admission, "admit", CHECKPOINT, "local checkpoint = a")
    admit: Admit = RedisAdmission.admit

    async def in_two(self: Any, batch: Batch) -> Admitted:
        without = [replaced(record, deliveries=()) for record in batch.records]
        first: Admitted = await admit(self, replaced(batch, records=without))
        if first.answer is not Answer.DONE or not any(record.deliveries for record in batch.records):
            return first
        await asyncio.sleep(MOMENT_SECONDS)
        stands = (await self._redis.get(self._keys.key("version")) or b"0").decode()
        again = replaced(batch, version=stands, next_version=secrets.token_hex(8))
        answer: Admitted = await admit(self, again)
        return answer

    RedisAdmission.admit = in_two  # type: ignore[method-assign]


def no_gap_check() -> None:
    in_script(redis_admission, "admit", "if a > checkpoint then", "if false then")


def trimming() -> None:
    last = 'redis.call("HSET", KEYS[3], partition'
    oldest = 'local old = redis.call("ZRANGE", KEYS[7], 0, 0)[1]'
    drop = 'redis.call("ZREM", KEYS[7], old); redis.call("HDEL", KEYS[6], old)'
    in_script(
        redis_admission, "admit", last, f'while redis.call("ZCARD", KEYS[7]) > 10 do\n{oldest}\n{drop}\nend\n{last}'
    )


def no_low() -> None:
    redis_admission._low = lambda first, checkpoint: checkpoint


def id_drift() -> None:
    deliver = delivery_to

    def drifting(receiver: str, alert: Alert, body: bytes, at_ms: int, *rest: Any) -> Delivery:
        made = deliver(receiver, alert, body, at_ms, *rest)
        return replaced(made, id=delivery_id(receiver, f"{alert.notice}{at_ms}"))

    instead(paced, "delivery_to", drifting)


def reused_id() -> None:
    deliver = delivery_to

    def of_story(receiver: str, alert: Alert, *rest: Any) -> Delivery:
        return replaced(deliver(receiver, alert, *rest), id=delivery_id(receiver, str(len(alert.story))))

    instead(paced, "delivery_to", of_story)


def body_drift() -> None:
    post = http_sender.HttpSender._post

    async def drifting(self: http_sender.HttpSender, leased: Leased, receiver: Receiver, seen: Any) -> None:
        body = leased.delivery.body + b" " * leased.attempt
        changed = replaced(leased, delivery=replaced(leased.delivery, body=body))
        await post(self, changed, receiver, seen)

    http_sender.HttpSender._post = drifting  # type: ignore[method-assign]


def bad_signature() -> None:
    def wrong(held: Sequence[Any], name: str, timestamp: int, body: bytes) -> str:
        return sign(held, name, timestamp + 1, body)

    instead(http_sender, "sign", wrong)


def order_broken() -> None:
    first = 'redis.call("ZRANGEBYLEX", KEYS[2], "[" .. lane .. "\\0", "(" .. lane .. "\\1", "LIMIT", 0, 1)[1]'
    last = 'redis.call("ZREVRANGEBYLEX", KEYS[2], "(" .. lane .. "\\1", "[" .. lane .. "\\0", "LIMIT", 0, 1)[1]'
    in_script(redis_outbox, "lease", first, last)


def dropped_dead_letter() -> None:
    message = kafka_dead_letters.KafkaDeadLetters.add

    async def some(self: kafka_dead_letters.KafkaDeadLetters, rejected: Sequence[Rejected]) -> None:
        await message(self, [each for each in rejected if each.record.offset % 3])

    kafka_dead_letters.KafkaDeadLetters.add = some  # type: ignore[method-assign]


def wrong_reason() -> None:
    message = kafka_dead_letters.message

    def guessed(rejected: Rejected) -> kafka_dead_letters.Message:
        return message(replaced(rejected, reason="not_json"))

    kafka_dead_letters.message = guessed


def leaked_canary() -> None:
    post = http_sender.HttpSender._post

    async def telling(self: http_sender.HttpSender, leased: Leased, receiver: Receiver, seen: Any) -> None:
        print(Path(sys.argv[-1]).with_name("password").read_text(), file=sys.stderr, flush=True)
        await post(self, leased, receiver, seen)

    http_sender.HttpSender._post = telling  # type: ignore[method-assign]


def nothing() -> None:
    """A daemon as it is."""


BUGS: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        nothing,
        commit_first,
        split_admit,
        no_gap_check,
        trimming,
        no_low,
        id_drift,
        reused_id,
        body_drift,
        bad_signature,
        order_broken,
        dropped_dead_letter,
        wrong_reason,
        leaked_canary,
    )
}

if __name__ == "__main__":
    BUGS[sys.argv.pop(1)]()
    sys.exit(main())
