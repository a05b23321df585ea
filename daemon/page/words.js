// What the page says, in the language that was chosen, else the browser's, else English.

import { arabic } from "./words_ar.js";
import { english } from "./words_en.js";

const KEPT = "rasid.language";
const TABLES = { ar: arabic, en: english };

let chosen = TABLES[kept()] ? kept() : first(navigator.languages ?? []);
const plurals = { ar: new Intl.PluralRules("ar"), en: new Intl.PluralRules("en") };
// Latin digits in both: headlines and figures of both languages are compared at a glance.
const locales = { ar: "ar-u-nu-latn", en: "en-GB" };

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // storage is refused: the language is chosen anew each time
  }
}

function first(languages) {
  const known = languages.map((each) => each.split("-")[0].toLowerCase()).find((each) => TABLES[each]);
  return known ?? "en";
}

export const language = () => chosen;
export const direction = () => (chosen === "ar" ? "rtl" : "ltr");

export function choose(language_) {
  chosen = language_;
  try {
    localStorage.setItem(KEPT, language_);
  } catch {
    // Kept for this view only.
  }
}

/** The text of a key, with {names} filled in. With ``count`` the form that the language has for this number. */
export function say(key, values = {}) {
  let text = TABLES[chosen][key] ?? english[key] ?? key;
  if (typeof text === "object") {
    text = text[plurals[chosen].select(values.count)] ?? text.other;
  }
  return text.replace(/\{(\w+)\}/g, (_, name) => (name === "count" ? number(values.count) : String(values[name] ?? "")));
}

/** Whether there is a text for the key. What the server says in English has none in English. */
export const known = (key) => key in TABLES[chosen];

export const number = (value) => new Intl.NumberFormat(locales[chosen]).format(value);

/** A topic's title in our language, or what there is. */
export const title = (topic) => topic.title?.[chosen] ?? topic.title?.en ?? Object.values(topic.title ?? {})[0] ?? topic.id;

/** A language's name in ours; its code where it has none. */
export function languageName(code) {
  try {
    return new Intl.DisplayNames([locales[chosen]], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** An entity in our script, or what there is. */
export const entityName = (entity) =>
  (chosen === "ar" ? entity.arabic ?? entity.latin : entity.latin ?? entity.arabic) ?? entity.id;

/** The day, "" for today; hours and minutes. */
export function dayAndTime(written) {
  const at = new Date(written);
  if (Number.isNaN(at.getTime())) return ["", ""];
  const format = (parts) => new Intl.DateTimeFormat(locales[chosen], parts).format(at);
  const today = at.toDateString() === new Date().toDateString();
  return [today ? "" : format({ day: "numeric", month: "short" }), format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" })];
}

/** Hours and minutes; with the day where it is not today. */
export const moment = (written) => dayAndTime(written).filter(Boolean).join(say("comma"));

/** The whole of a moment, for who wants to know. */
export const fullMoment = (written) =>
  new Intl.DateTimeFormat(locales[chosen], { dateStyle: "full", timeStyle: "long" }).format(new Date(written));

/** A size: 512 MB. */
export function bytes(size) {
  const [unit, n] = size < 1e6 ? ["kB", size / 1e3] : size < 1e9 ? ["MB", size / 1e6] : ["GB", size / 1e9];
  return `\u2066${number(n < 10 ? Math.round(n * 10) / 10 : Math.round(n))} ${unit}\u2069`; // its own direction
}

/** About how long: 40 s, 3 min, 2 h, 5 d. */
export function span(seconds) {
  if (seconds < 90) return say("seconds", { count: Math.round(seconds) });
  if (seconds < 5400) return say("minutes", { count: Math.round(seconds / 60) });
  if (seconds < 172_800) return say("hours", { count: Math.round(seconds / 3600) });
  return say("days", { count: Math.round(seconds / 86_400) });
}
