// How the service stands, in a strip: each item says it in words, not by its colour alone.

import { Refusal, ask } from "./api.js";
import { foreign, make } from "./elements.js";
import { say, span } from "./words.js";

const EACH_MS = 10_000;
const LAG_SECONDS = { warn: 60, bad: 600 }; // behind the newest article
const OLDEST_SECONDS = { warn: 120, bad: 900 }; // a delivery on its way: retries begin with seconds

export class Health {
  /** ``refused()`` where the token is not taken. */
  constructor(refused) {
    this.refused = refused;
    this.list = document.getElementById("health");
    this.items = [];
    this.timer = null;
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
  }

  /** Look now and again from now on. */
  async look() {
    clearTimeout(this.timer);
    try {
      this.items = items(await ask("status"), Date.now());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) {
        this.items = [];
        this.show();
        this.refused();
        return;
      }
      // 503 says what does not answer; not reached at all is said by the line.
      this.items = error.status ? [{ state: "bad", name: say("redis"), says: error.message || say("fails") }] : [];
    }
    this.show();
    this.timer = setTimeout(() => (document.hidden ? undefined : this.look()), EACH_MS);
  }

  show() {
    this.list.replaceChildren(
      ...this.items.map(({ state, name, says, title }) =>
        make(
          "li",
          { class: state, title: title ?? null },
          name ? make("span", { class: "what" }, name) : null,
          name ? " " : null,
          foreign(says),
        ),
      ),
    );
  }
}

/** What a status says, worst things named. */
export function items(status, nowMs) {
  const reasons = status.reasons ?? [];
  const kafkaDown = reasons.find((each) => /kafka|broker/i.test(each));
  const redisDown = reasons.find((each) => /redis|valkey/i.test(each));
  const others = reasons.filter((each) => each !== kafkaDown && each !== redisDown);
  return [
    ...lag(status.lag ?? {}),
    ...outbox(status.outbox, nowMs),
    ...receivers(status.receivers ?? {}),
    store("redis", redisDown),
    ...(kafkaDown || readsKafka(status) ? [store("kafka", kafkaDown)] : []),
    ...others.map((each) => ({ state: "warn", name: say("notReady"), says: each })),
    ...(status.config?.problems?.length
      ? [{ state: "warn", name: "", says: say("problems"), title: status.config.problems.join("\n") }]
      : []),
  ];
}

const store = (key, down) => ({ state: down ? "bad" : "ok", name: say(key), says: say(down ? "fails" : "works"), title: down });

// Partitions of Kafka are called topic/number; files by their path, standard input with colons.
const readsKafka = (status) => Object.keys(status.lag ?? {}).some((each) => /^[\w.-]+\/\d+$/.test(each));

function lag(partitions) {
  const seconds = Object.values(partitions).map((each) => each.seconds ?? 0);
  if (seconds.length === 0) return [];
  const most = Math.max(...seconds);
  return [{ state: level(most, LAG_SECONDS), name: most ? say("lag") : "", says: most ? span(most) : say("noLag") }];
}

function outbox(known, nowMs) {
  if (!known) return [];
  const waiting = known.ready + known.pending;
  const age = known.oldest_ms ? Math.max(0, (nowMs - known.oldest_ms) / 1000) : 0;
  const says = waiting ? `${waiting}${say("comma")}${say("oldest", { age: span(age) })}` : say("outboxEmpty");
  const found = [{ state: waiting ? level(age, OLDEST_SECONDS) : "ok", name: waiting ? say("outbox") : "", says }];
  if (known.dead) found.push({ state: "warn", name: "", says: say("dead", { count: known.dead }) });
  return found;
}

function receivers(known) {
  const all = Object.entries(known);
  const failing = all.filter(([, each]) => each.disabled || (each.state && each.state !== "working"));
  if (all.length === 0) return [{ state: "warn", name: "", says: say("noReceivers") }];
  const title = failing.map(([name, each]) => `${name}: ${each.disabled || each.state}`).join("\n");
  return failing.length
    ? [{ state: "bad", name: "", says: say("receiversFail", { count: failing.length }), title }]
    : [{ state: "ok", name: "", says: say("receiversWell", { count: all.length }), title: all.map(([name]) => name).join("\n") }];
}

const level = (seconds, limits) => (seconds >= limits.bad ? "bad" : seconds >= limits.warn ? "warn" : "ok");
