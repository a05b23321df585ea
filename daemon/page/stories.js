// The stories at hand: each with its newest notice, the newest first, and no more than a bound of them.

const WEIGHT = { info: 1, warning: 2, critical: 3 };

export const SEVERITIES = ["critical", "warning", "info"];

/** Negative where one cursor is before the other. They are two numbers, which grow. */
export function inOrder(one, other) {
  const [first, second] = one.split("-").map(Number);
  const [third, fourth] = other.split("-").map(Number);
  return first - third || second - fourth;
}

export class Stories {
  constructor(most) {
    this.most = most;
    this.byId = new Map();
    this.dropped = false; // older ones were let go of, so that there are no more than the bound
  }

  get size() {
    return this.byId.size;
  }

  clear() {
    this.byId.clear();
    this.dropped = false;
  }

  /** Take a notice. Returns its story, or null where the notice is known already or its story is too old to keep. */
  take(notice) {
    const id = notice.story.id;
    let story = this.byId.get(id);
    if (story === undefined) {
      story = { id, latest: notice, alerts: new Map(), changed: 0 };
      this.byId.set(id, story);
    }
    const known = story.alerts.get(notice.topic.id);
    if (known !== undefined && inOrder(known.cursor, notice.cursor) >= 0) return null;
    story.alerts.set(notice.topic.id, notice);
    if (inOrder(story.latest.cursor, notice.cursor) <= 0) story.latest = notice;
    story.changed += 1;
    if (this.byId.size > this.most) {
      const oldest = this.newestFirst().at(-1);
      this.byId.delete(oldest.id);
      this.dropped = true;
      if (oldest === story) return null;
    }
    return story;
  }

  newestFirst() {
    return [...this.byId.values()].sort((one, other) => inOrder(other.latest.cursor, one.latest.cursor));
  }
}

/** The weightiest severity of a story's alerts. */
export function severityOf(story) {
  let weightiest = "info";
  for (const each of story.alerts.values()) {
    if ((WEIGHT[each.severity] ?? 0) > WEIGHT[weightiest]) weightiest = each.severity;
  }
  return weightiest;
}

/** Whether a story is one that is asked for. An empty part of ``wanted`` asks for all. */
export function fits(story, wanted) {
  const alerts = [...story.alerts.values()].filter(
    (each) => (!wanted.topic || each.topic.id === wanted.topic) && (!wanted.severity || each.severity === wanted.severity),
  );
  if (alerts.length === 0) return false;
  if (wanted.lang && languageOf(story.latest) !== wanted.lang) return false;
  return !wanted.text || folded(searched(story)).includes(folded(wanted.text));
}

/** The language without its region, "" where it is not known. */
export const languageOf = (notice) => (notice.lang ?? "").split("-")[0].toLowerCase();

function searched(story) {
  const texts = [];
  for (const each of story.alerts.values()) {
    texts.push(each.headline, each.source, each.topic.id, ...Object.values(each.topic.title));
    for (const quote of each.evidence) {
      texts.push(quote.quote);
      for (const { entity } of quote.highlights) if (entity) texts.push(entity.arabic ?? "", entity.latin ?? "");
    }
  }
  return texts.join("\n");
}

/** As people search: without case, accents, Arabic vowel marks and tatweel, and one form for the kinds of alif, ya, ta. */
function folded(text) {
  return text
    .normalize("NFKD")
    .replace(/[\p{Mn}\u0640]/gu, "")
    .replace(/[\u0671\u0622\u0623\u0625]/g, "\u0627")
    .replace(/[\u0649\u06cc]/g, "\u064a")
    .replace(/\u06a9/g, "\u0643")
    .replace(/\u0629/g, "\u0647")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim();
}
