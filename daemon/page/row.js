// A story in the list: one line to scan, one with the evidence, one with its counts.

import { foreign, make, marked, plain } from "./elements.js";
import { languageOf, severityOf } from "./stories.js";
import { dayAndTime, entityName, fullMoment, known, languageName, say, title } from "./words.js";

/** The row of a story, as a list item. ``open`` is called to open it. */
export function row(story, open) {
  const notice = story.latest;
  const severity = severityOf(story);
  const id = `story-${story.id}`;
  const [day, time] = dayAndTime(notice.at);
  return make(
    "li",
    { class: `story ${severity}`, "data-story": story.id, "data-notice": notice.notice },
    make("time", { datetime: notice.at, title: fullMoment(notice.at) }, day ? make("span", {}, `${day} `) : null, time),
    make(
      "article",
      { "aria-labelledby": id },
      make(
        "h3",
        { id },
        make("button", { type: "button", class: "headline", "aria-expanded": "false", on: { click: open } }, headline(notice)),
      ),
      evidence(notice),
      make(
        "p",
        { class: "facts" },
        make("span", { class: "severity" }, say(severity)),
        topics(story),
        news(notice),
        notice.source ? foreign(notice.source, "auto", { class: "outlet" }) : null,
        languageOf(notice) ? make("span", { class: "lang" }, languageName(languageOf(notice))) : null,
        counts(notice.story),
      ),
    ),
  );
}

/** The headline, what decided in it marked. */
export function headline(notice) {
  const quote = notice.evidence.find((each) => each.quote === notice.headline);
  const nodes = quote ? marked(quote.quote, quote.highlights, decided) : plain(notice.headline);
  return make("bdi", { dir: notice.dir, lang: notice.lang }, ...nodes);
}

/** A sentence with what decided marked. */
export const quotation = (quote, lang) =>
  make("blockquote", { dir: quote.dir, lang }, ...marked(quote.quote, quote.highlights, decided));

function evidence(notice) {
  const quote = notice.evidence.find((each) => each.quote !== notice.headline);
  return quote && !notice.evidence.some((each) => each.quote === notice.headline) ? quotation(quote, notice.lang) : null;
}

/** What a mark is for, as the mouse tells it. */
export function decided(highlight) {
  const parts = [highlight.clause];
  if (highlight.entity) parts.push([highlight.entity.arabic, highlight.entity.latin].filter(Boolean).join(" · "));
  if (highlight.plain) parts.push(say("broken", { plain: highlight.plain }));
  return parts.join("\n");
}

const topics = (story) =>
  [...story.alerts.values()].map((each) => make("span", { class: "topic", title: each.topic.id }, foreign(title(each.topic))));

/** What an update brings. */
export function news(notice) {
  if (notice.type === "alert.opened") return null;
  const kind = notice.type === "alert.corrected" ? "correction" : "update";
  const reasons = (notice.reasons.length ? notice.reasons : [notice.reason]).map(reasonWords);
  return make("span", { class: `news ${kind}` }, `${say(kind)}: ${reasons.join(say("comma"))}`);
}

function reasonWords(reason) {
  const [kind, about = ""] = reason.split(":");
  const key = `reason_${kind}`;
  if (!known(key)) return reason;
  return say(key, { about: kind === "language" ? languageName(about) : about });
}

export const counts = (of) => [
  make("span", { class: "count" }, say("articles", { count: of.articles })),
  of.independent_sources === null || of.independent_sources === undefined
    ? null
    : make("span", { class: "count", title: say("sourcesAbout") }, say("sources", { count: of.independent_sources })),
];

/** Names that decided, each once, with who they are as the mouse tells it. */
export function entities(notice) {
  const found = new Map();
  for (const quote of notice.evidence) {
    for (const { entity } of quote.highlights) if (entity) found.set(entity.id, entity);
  }
  return [...found.values()].map((each) =>
    make(
      "li",
      { title: [each.arabic, each.latin, each.role, each.id].filter(Boolean).join(" · ") },
      foreign(entityName(each)),
    ),
  );
}
