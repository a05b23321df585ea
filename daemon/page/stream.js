// Notices as they come: Server-Sent Events over fetch, for a browser's EventSource sends no token. A connection that
// ends is made again, from the last notice on, after a pause that doubles.

import { address, headers } from "./api.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const SILENT_MS = 45_000; // the server gives a sign of life every 15 s

/** Follow from a place on. ``tell`` has notice(record), gap(), state("live" | "away" | "refused", status). */
export class Stream {
  constructor(tell) {
    this.tell = tell;
    this.place = "";
    this.round = 0; // of connections: one that was given up says nothing any more
    this.failed = 0;
    this.stop = () => {};
  }

  /** Begin, or begin again, after a place. */
  start(place) {
    this.place = place;
    this.failed = 0;
    this.again();
  }

  /** Connect now, whatever was waited for. */
  again() {
    this.stop();
    this.round += 1;
    this.connect(this.round);
  }

  /** No more of it. */
  end() {
    this.round += 1;
    this.stop();
  }

  async connect(round) {
    const control = new AbortController();
    let timer = setTimeout(() => control.abort(), SILENT_MS);
    this.stop = () => {
      clearTimeout(timer);
      control.abort();
    };
    let status = 0;
    try {
      const more = this.place ? { "Last-Event-ID": this.place } : {};
      const answer = await fetch(address("alerts/stream"), {
        headers: headers({ Accept: "text/event-stream", ...more }),
        signal: control.signal,
        cache: "no-store",
      });
      status = answer.status;
      if (!answer.ok) throw new Error(String(status));
      if (round !== this.round) return;
      this.tell.state("live", status);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      const events = new Events((event) => this.take(event));
      for (;;) {
        const { value, done } = await reader.read();
        if (done || round !== this.round) break;
        this.failed = 0;
        clearTimeout(timer);
        timer = setTimeout(() => control.abort(), SILENT_MS);
        events.feed(value);
      }
    } catch {
      // Not reached, refused, cut off, or silent: all the same to us.
    } finally {
      clearTimeout(timer);
    }
    if (round !== this.round) return;
    control.abort();
    if (status === 401 || status === 403) {
      this.tell.state("refused", status);
      return;
    }
    this.tell.state("away", status);
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failed) * (0.75 + Math.random() / 2);
    this.failed += 1;
    const waiting = setTimeout(() => this.again(), pause);
    this.stop = () => clearTimeout(waiting);
  }

  take(event) {
    if (event.id) this.place = event.id;
    if (event.name === "gap") this.tell.gap();
    else if (event.data) this.tell.notice(JSON.parse(event.data));
  }
}

/** Blocks of a stream of events. ``feed`` it texts cut anywhere. */
export class Events {
  constructor(take) {
    this.take = take;
    this.rest = "";
    this.event = { id: "", name: "", data: "" };
  }

  feed(text) {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop();
    for (const line of lines) this.line(line.endsWith("\r") ? line.slice(0, -1) : line);
  }

  line(line) {
    if (line === "") {
      if (this.event.data || this.event.id) this.take(this.event); // an id alone moves the place
      this.event = { id: "", name: "", data: "" };
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "id") this.event.id = value;
    if (name === "event") this.event.name = value;
    if (name === "data") this.event.data += this.event.data ? `\n${value}` : value;
  }
}
