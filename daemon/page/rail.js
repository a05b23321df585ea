// What is asked for: topic, severity, language and words; and how much each topic had, hour by hour.

import { draw, foreign, make } from "./elements.js";
import { SEVERITIES, languageOf } from "./stories.js";
import { languageName, number, say, title } from "./words.js";

const HOURS = 24;
const HOUR_MS = 3_600_000;
const TYPED_MS = 150; // after the last letter

export class Rail {
  /** ``changed(reload)``: other stories are asked for; ``reload`` where the server should be asked for them. */
  constructor(changed) {
    this.changed = changed;
    this.wanted = { topic: "", severity: "", lang: "", text: "" };
    this.topics = new Map(); // id → {topic, hours}
    this.langs = new Set();
    this.counted = false; // by the server, else by what is at hand
    this.partial = false; // there were more notices in the 24 hours than were looked at
    this.text = document.getElementById("text");
    this.langSelect = document.getElementById("langs");
    this.clearButton = document.getElementById("all");
    this.timer = null;
    document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
    this.text.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.set({ text: this.text.value }), TYPED_MS);
    });
    this.langSelect.addEventListener("change", () => this.set({ lang: this.langSelect.value }));
    this.clearButton.addEventListener("click", () => this.clear());
  }

  clear() {
    this.text.value = "";
    this.set({ topic: "", severity: "", lang: "", text: "" });
  }

  set(part) {
    const before = { ...this.wanted };
    Object.assign(this.wanted, part);
    this.show();
    this.changed(before.topic !== this.wanted.topic || before.severity !== this.wanted.severity);
  }

  isEmpty() {
    return !Object.values(this.wanted).some(Boolean);
  }

  /** What the server counted: alerts opened in each of the last 24 hours, for every topic that it watches. */
  count(rows) {
    this.counted = true;
    this.partial = false;
    this.topics = new Map(rows.map((topic) => [topic.id, { topic, hours: topic.opened_by_hour }]));
    this.showTopics();
  }

  /** A notice is at hand: its language can be chosen. */
  heard(notice) {
    const code = languageOf(notice);
    if (!code || this.langs.has(code)) return;
    this.langs.add(code);
    this.showLangs();
  }

  /** A notice came: an alert opened is one more in its hour for its topic. */
  came(notice) {
    this.heard(notice);
    const known = this.topics.get(notice.topic.id) ?? { topic: notice.topic, hours: new Array(HOURS).fill(0) };
    const ago = Math.floor(Date.now() / HOUR_MS) - Math.floor(Date.parse(notice.at) / HOUR_MS);
    if (notice.type === "alert.opened" && ago >= 0 && ago < HOURS) known.hours[HOURS - 1 - ago] += 1;
    this.topics.set(notice.topic.id, known);
  }

  show() {
    this.showSeverities();
    this.showLangs();
    this.showTopics();
    this.clearButton.hidden = this.isEmpty();
  }

  showSeverities() {
    const choice = (value, label) =>
      make(
        "label",
        { class: value || "every" },
        make("input", {
          type: "radio",
          name: "severity",
          value,
          checked: this.wanted.severity === value,
          on: { change: () => this.set({ severity: value }) },
        }),
        make("span", {}, label),
      );
    keepFocus(document.getElementById("severities"), (set) => {
      set.replaceChildren(
        make("legend", {}, say("severity")),
        choice("", say("every")),
        ...SEVERITIES.map((each) => choice(each, say(each))),
      );
    });
  }

  showLangs() {
    const option = (value, label) => make("option", { value, selected: this.wanted.lang === value }, label);
    const codes = [...this.langs].sort((one, other) => languageName(one).localeCompare(languageName(other)));
    this.langSelect.replaceChildren(option("", say("every")), ...codes.map((each) => option(each, languageName(each))));
  }

  showTopics() {
    const rows = [...this.topics.values()].sort(
      (one, other) => sum(other.hours) - sum(one.hours) || title(one.topic).localeCompare(title(other.topic)),
    );
    const highest = Math.max(1, ...rows.flatMap((each) => each.hours));
    const choice = (id, inside, about = null) =>
      make(
        "li",
        {},
        make(
          "button",
          {
            type: "button",
            "data-topic": id,
            title: about,
            "aria-pressed": String(this.wanted.topic === id),
            on: { click: () => this.set({ topic: this.wanted.topic === id ? "" : id }) },
          },
          ...inside,
        ),
      );
    keepFocus(document.getElementById("topics"), (list) => {
      list.replaceChildren(
        choice("", [make("span", { class: "name" }, say("everyTopic"))]),
        ...rows.map(({ topic, hours }) =>
          choice(topic.id, [
            foreign(title(topic), "auto", { class: "name" }),
            chart(title(topic), hours, highest, this.partial),
            make("span", { class: "n" }, `${this.partial ? "≥ " : ""}${number(sum(hours))}`),
          ], judged(topic)),
        ),
      );
    });
  }
}

const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);

/** What verdicts say of a topic, null where there are none. */
function judged(topic) {
  const share = topic.verdicts?.precision;
  return share === null || share === undefined ? null : say("precision", { n: number(Math.round(share * 100)) });
}

/** Bars of the hours, one scale for all topics; the latest hour where reading ends. */
function chart(name, hours, highest, partial) {
  const bars = hours.map((count, at) => {
    const height = count === 0 ? 0.6 : 2 + (count / highest) * 16;
    return draw("rect", { x: at * 3, y: 18 - height, width: 2, height, class: count ? "some" : "none" });
  });
  const label = say(partial ? "volumeMost" : "volume", { title: name, n: number(sum(hours)) });
  return draw("svg", { class: "chart", viewBox: `0 0 ${hours.length * 3} 18`, preserveAspectRatio: "none", role: "img", "aria-label": label }, ...bars);
}

/** What was focused inside stays so though it is made anew. */
function keepFocus(container, change) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const key = focused && (focused.dataset.topic ?? focused.value);
  change(container);
  if (focused === null) return;
  [...container.querySelectorAll("button, input")].find((each) => (each.dataset.topic ?? each.value) === key)?.focus();
}
