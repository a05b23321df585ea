// How the service stands, in a strip: each item says it in words, not by its colour alone.

import { Refusal, ask } from "./api.js";
import { foreign, make } from "./elements.js";
import { bytes, moment, number, say, span } from "./words.js";

const EACH_MS = 2_500; // what is wrong is seen within five seconds, also where a server answers late
const LAG_SECONDS = { warn: 60, bad: 600 }; // behind the newest article
const MEMORY = { warn: 0.7, bad: 0.8 }; // of its limit: from 80 % on the daemon reads no more
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
      // 503: who asks cannot be looked up, for the store does not answer. Not reached at all is said by the line.
      const down = { state: "bad", name: say("redis"), says: say("fails"), title: error.message };
      this.items = error.status === 503 ? [down] : [];
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
  const sources = status.sources ?? [];
  const failing = sources.filter((each) => each.fails);
  const said = [...failing.map((each) => each.fails), ...(status.redis?.reachable === false ? status.reasons : [])];
  const others = (status.reasons ?? []).filter((each) => !said.includes(each));
  return [
    ...lag(status.lag ?? {}, sources),
    ...outbox(status.outbox, nowMs),
    ...receivers(status.receivers ?? {}),
    ...redis(status.redis),
    ...kafka(sources.filter((each) => each.kind === "kafka")),
    ...failing.filter((each) => each.kind !== "kafka").map((each) => ({ state: "bad", name: each.source, says: say("fails"), title: each.fails })),
    ...(others.length ? [{ state: "warn", name: "", says: say("notReady"), title: others.join("\n") }] : []),
    ...(status.config?.problems?.length
      ? [{ state: "warn", name: "", says: say("problems"), title: status.config.problems.join("\n") }]
      : []),
  ];
}

/** The store: nothing where it was not met yet, for that is why nothing is ready. */
function redis(known) {
  if (!known) return [];
  const name = say(known.server === "valkey" ? "valkey" : "redis");
  if (!known.reachable) return [{ state: "bad", name, says: say("fails"), title: known.flaw ? say(`flaw_${known.flaw}`) : null }];
  const share = known.limit_bytes ? known.used_bytes / known.limit_bytes : 0;
  const full = share ? level(share, MEMORY) : "ok";
  const memory = say("memory", { used: [known.used_bytes, known.limit_bytes].filter(Boolean).map(bytes).join(" / ") });
  const title = [`${name} ${known.version}`, memory, known.flaw ? say(`flaw_${known.flaw}`) : ""].filter(Boolean).join("\n");
  if (full !== "ok") return [{ state: full, name, says: say("memoryShare", { n: number(Math.round(share * 100)) }), title }];
  return [{ state: known.safe ? "ok" : "warn", name, says: say(known.safe ? "works" : "unsafe"), title }];
}

/** All Kafka sources in one: that it works, or does not; when the last record of each came, as the mouse tells. */
function kafka(sources) {
  if (sources.length === 0) return [];
  const down = sources.filter((each) => each.fails);
  const title = sources.map((each) => `${each.source.replace(/^kafka:/, "")}: ${each.fails ?? lastRecord(each)}`).join("\n");
  const joining = sources.some((each) => !each.connected && !each.fails);
  if (down.length) return [{ state: "bad", name: say("kafka"), says: say("fails"), title }];
  if (joining) return [{ state: "warn", name: say("kafka"), says: say("connecting"), title }];
  return [{ state: "ok", name: say("kafka"), says: say("works"), title }];
}

const lastRecord = (source) => (source.last_record_ms ? say("lastRecord", { at: moment(source.last_record_ms) }) : say("noRecord"));

function lag(partitions, sources) {
  const seconds = Object.values(partitions).map((each) => each.seconds ?? 0);
  if (seconds.length === 0) return [];
  const most = Math.max(...seconds);
  const title = sources.map((each) => `${each.source}: ${lastRecord(each)}`).join("\n");
  return [{ state: level(most, LAG_SECONDS), name: most ? say("lag") : "", says: most ? span(most) : say("noLag"), title }];
}

function outbox(known, nowMs) {
  if (!known) return [];
  const age = known.oldest_ms ? Math.max(0, (nowMs - known.oldest_ms) / 1000) : 0;
  const says = `${number(known.ready)}${say("comma")}${say("oldest", { age: span(age) })}`;
  const found = known.ready ? [{ state: level(age, OLDEST_SECONDS), name: say("outbox"), says }] : [];
  if (known.pending) found.push({ state: "ok", name: "", says: say("pending", { count: known.pending }) }); // a digest's hour
  if (!found.length) found.push({ state: "ok", name: "", says: say("outboxEmpty") });
  if (known.dead) found.push({ state: "warn", name: "", says: say("dead", { n: number(known.dead) }) });
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
