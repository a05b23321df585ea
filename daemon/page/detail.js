// One story, opened: its evidence, its articles and why each is in it, and what became of what was told.

import { Refusal, ask } from "./api.js";
import { sendAgain, silenceForm, verdicts } from "./actions.js";
import { may } from "./caller.js";
import { foreign, make, outwards } from "./elements.js";
import { counts, entities, headline, news, quotation } from "./row.js";
import { refusalWords } from "./refusal.js";
import { severityOf } from "./stories.js";
import { fullMoment, known, languageName, moment, number, say, title } from "./words.js";

const PASSED_MS = 100; // who holds a key down passes stories that need not be asked for

export class Detail {
  /** ``close`` is called when somebody closes it, ``refused`` where the token is not taken. */
  constructor(close, refused) {
    this.close = close;
    this.refused = refused;
    this.panel = document.getElementById("detail");
    this.story = null;
    this.asked = 0;
  }

  /** Show a story, or nothing. What somebody writes into a form stays while the same story is shown. */
  show(story) {
    const other = story?.id !== this.story?.id;
    this.story = story;
    this.panel.hidden = story === null;
    document.getElementById("frame").classList.toggle("with-detail", story !== null);
    if (story === null) return this.panel.replaceChildren();
    if (other) this.make(story);
    else this.panel.querySelector(".head").replaceWith(this.head(story));
    return this.load(story);
  }

  /** The same story anew: in other words, or for somebody else. */
  again() {
    const { story } = this;
    if (story === null) return;
    this.show(null);
    this.show(story);
  }

  make(story) {
    this.rest = make("div", { class: "rest" }, make("p", { class: "quiet" }, say("loading")));
    this.panel.setAttribute("aria-label", say("stories"));
    const acts = may("silence") ? [verdicts(story), this.rest, silenceForm(story)] : [this.rest];
    this.panel.replaceChildren(this.head(story), ...acts);
    this.panel.scrollTop = 0;
  }

  head(story) {
    const notice = story.latest;
    const names = entities(notice);
    const quotes = notice.evidence.filter((each) => each.quote !== notice.headline); // that one is marked above
    return make(
      "div",
      { class: `head ${severityOf(story)}` },
      make("button", { type: "button", class: "close", "aria-label": say("close"), on: { click: this.close } }, "×"),
      make("h2", {}, headline(notice)),
      make(
        "p",
        { class: "facts" },
        make("span", { class: "severity" }, say(severityOf(story))),
        [...story.alerts.values()].map((each) => make("span", { class: "topic" }, foreign(title(each.topic)))),
        news(notice),
        make("span", { class: "counts" }, counts(notice.story)),
      ),
      make(
        "p",
        { class: "from" },
        foreign(notice.source, "auto", { class: "outlet" }),
        " ",
        make("time", { datetime: notice.at, title: fullMoment(notice.at) }, moment(notice.at)),
        notice.url ? [" ", outwards(notice.url, { class: "original" }, say("original"))] : null,
      ),
      quotes.length + names.length ? make("h3", {}, say("evidence")) : null,
      ...quotes.map((each) => quotation(each, notice.lang)),
      names.length ? make("ul", { class: "names" }, ...names) : null,
    );
  }

  async load(story) {
    this.asked += 1;
    const asked = this.asked;
    await new Promise((go) => setTimeout(go, PASSED_MS));
    if (asked !== this.asked) return;
    let content;
    let known = null;
    try {
      known = await ask(`stories/${encodeURIComponent(story.id)}`);
      content = [articles(known), told(known, story)];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) this.refused();
      content = [make("p", { class: "wrong" }, refusalWords(error))];
    }
    if (asked !== this.asked || this.story === null) return;
    this.rest.replaceChildren(...content);
    if (known !== null) this.panel.querySelector(".counts").replaceChildren(...counts(known).filter(Boolean)); // as of now
  }
}

function articles(known) {
  return make(
    "section",
    { class: "articles" },
    make("h3", {}, `${say("reports")} (${number(known.timeline.length)})`),
    known.left_out ? make("p", { class: "quiet" }, say("leftOut", { n: number(known.left_out) })) : null,
    make("ol", {}, ...known.timeline.map(article)),
  );
}

function article(read) {
  const because = read.because.map((each, at) => make("li", {}, ground(read.grounds[at], each)));
  return make(
    "li",
    { "data-article": read.article },
    outwards(read.url, { class: "title" }, foreign(read.headline, "auto", { lang: read.lang || null })),
    make(
      "p",
      { class: "facts" },
      foreign(read.outlet, "auto", { class: "outlet" }),
      read.lang ? make("span", {}, languageName(read.lang)) : null,
      make("time", { datetime: read.published, title: fullMoment(read.published) }, say("published", { at: moment(read.published) })),
      read.times > 1 ? make("span", {}, say("times", { n: number(read.times) })) : null,
    ),
    make("p", { class: `relation ${read.relation}` }, say(`relation_${read.relation}`)),
    because.length ? make("ul", { class: "because" }, ...because) : null,
  );
}

/** Why it is here, in our words; in the server's in English, and of what an older version decided. */
function ground(given, said) {
  const key = `ground_${given?.code}`;
  if (!given || !known(key)) return foreign(said, "ltr", { lang: "en" });
  const { percent, asked, count, of, words } = given;
  const values = Object.fromEntries(Object.entries({ percent, asked, of, n: count }).map(([name, value]) => [name, number(value ?? 0)]));
  return [say(key, values), words ? [" ", foreign(words.join(say("comma")))] : null].flat();
}

/** A word of the server's, from a closed set, in ours; as it is where we have none. */
const worded = (set, word) => (known(`${set}_${word}`) ? say(`${set}_${word}`) : foreign(word, "ltr"));

function told(known, story) {
  const named = (id) => (story.alerts.has(id) ? title(story.alerts.get(id).topic) : id);
  return make(
    "section",
    { class: "told" },
    make("h3", {}, say("told")),
    ...known.notices.map((notice) =>
      make(
        "div",
        { class: "notice" },
        make("p", { class: "facts" }, make("time", { datetime: notice.at }, moment(notice.at)), make("span", { class: "topic", title: notice.topic }, foreign(named(notice.topic)))),
        notice.receivers.length + notice.withheld.length === 0
          ? make("p", { class: "quiet" }, say("nobody"))
          : make("ul", {}, ...notice.receivers.map(delivery), ...notice.withheld.map(withheld)),
      ),
    ),
  );
}

const ENDED = ["delivered", "dead"]; // what is on its way need not be sent again

function delivery(each) {
  const parts = [
    each.state === "pending" && known(`wait_${each.waits_for}`) ? say(`wait_${each.waits_for}`) : say(`state_${each.state}`),
    each.digest ? say("digest") : "",
    each.until ? say("until", { at: moment(each.until) }) : "",
    each.at ? moment(each.at) : "",
    each.attempts > 1 ? say("attempts", { count: each.attempts }) : "",
  ].filter(Boolean);
  const ended = each.state === "delivered" || each.state === "pending";
  const wrong = [
    each.status && !ended ? foreign(String(each.status), "ltr") : null,
    each.error ? worded("error", each.error) : null,
    each.reason && !ended ? worded("dead", each.reason) : null,
  ].filter(Boolean);
  return make(
    "li",
    { class: `state-${each.state}`, "data-delivery": each.delivery, title: each.delivery },
    foreign(each.receiver, "auto", { class: "receiver" }),
    ` ${parts.join(say("comma"))}`,
    wrong.length ? [" (", make("span", { class: "wrong" }, ...wrong.flatMap((one, at) => (at ? [say("comma"), one] : [one]))), ")"] : null,
    may("replay") && ENDED.includes(each.state) ? sendAgain(each.digest_id ?? each.delivery) : null,
  );
}

const withheld = (each) =>
  make(
    "li",
    { class: "withheld" },
    foreign(each.receiver, "auto", { class: "receiver" }),
    ` ${say(each.why)} (`,
    foreign(each.by),
    ")",
    each.at ? ` ${moment(each.at)}` : null,
  );
