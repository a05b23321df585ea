// What somebody does about a story: say whether it was right, or tell nobody of it for a while.

import { Refusal, ask, send } from "./api.js";
import { foreign, make } from "./elements.js";
import { refusalWords } from "./refusal.js";
import { moment, say, span, title } from "./words.js";

const VERDICTS = ["relevant", "not", "duplicate"];
const HOURS = [1, 4, 24, 168];
const AUTHOR = "rasid.author"; // for this tab, like the token

const MOST_VERDICTS = 100; // the latest: which button is pressed already

let known = null; // alert → its verdict, a promise of it: asked for once. Null in it: this server keeps none

function verdictsKnown() {
  known ??= ask("verdicts", { limit: MOST_VERDICTS }).then(
    (answer) => new Map(answer.verdicts.map((each) => [each.alert, each.verdict])),
    (error) => {
      if (error instanceof Refusal && error.status !== 404) known = null; // ask again next time
      return null;
    },
  );
  return known;
}

/** Buttons for a verdict on each alert of the story. Hidden where the server keeps none. */
export function verdicts(story) {
  const said = make("p", { class: "said", role: "status" });
  const author = make("input", { maxlength: 100, dir: "auto", autocomplete: "off" }); // else the token's name
  author.value = sessionStorage.getItem(AUTHOR) ?? "";
  const section = make(
    "section",
    { class: "verdict", hidden: true },
    make("h3", {}, say("verdict")),
    make("label", { class: "author" }, make("span", {}, say("author")), author),
    ...[...story.alerts.values()].map((notice) => choicesOf(notice, story.alerts.size > 1, author, said)),
    said,
  );
  verdictsKnown().then((given) => {
    section.toggleAttribute("hidden", given === null);
    for (const each of section.querySelectorAll(".choices")) press(each, given?.get(each.dataset.alert));
  });
  return section;
}

function choicesOf(notice, named, author, said) {
  const button = (verdict) =>
    make(
      "button",
      {
        type: "button",
        "data-verdict": verdict,
        "aria-pressed": "false",
        on: { click: (event) => judge(event.currentTarget, notice, author.value, said) },
      },
      say(verdict),
    );
  return make(
    "div",
    { class: "choices", role: "group", "data-alert": notice.id, "aria-label": `${say("verdict")} ${title(notice.topic)}` },
    named ? make("span", { class: "topic" }, foreign(title(notice.topic))) : null,
    ...VERDICTS.map(button),
  );
}

async function judge(button, notice, author, said) {
  const verdict = button.dataset.verdict;
  sessionStorage.setItem(AUTHOR, author);
  try {
    await send("verdicts", { alert: notice.id, verdict, author, comment: "" });
  } catch (error) {
    said.replaceChildren(...why(error));
    return;
  }
  press(button.parentElement, verdict);
  (await verdictsKnown())?.set(notice.id, verdict);
  said.replaceChildren(say("noted", { verdict: say(verdict) }));
}

function press(choices, verdict) {
  for (const each of choices.querySelectorAll("button")) each.setAttribute("aria-pressed", String(each.dataset.verdict === verdict));
}

/** A form that silences the story, or its topic, filled in as far as can be known. */
export function silenceForm(story) {
  const topics = [...story.alerts.values()].map((each) => each.topic);
  const what = make(
    "select",
    { name: "what" },
    make("option", { value: "" }, say("silenceStory")),
    ...topics.map((topic) => make("option", { value: topic.id }, say("silenceTopic", { title: title(topic) }))),
  );
  const long = make("select", { name: "long" }, ...HOURS.map((each) => make("option", { value: each, selected: each === 4 }, span(each * 3600))));
  const author = make("input", { name: "author", required: true, maxlength: 100, dir: "auto", autocomplete: "off" });
  author.value = sessionStorage.getItem(AUTHOR) ?? "";
  const comment = make("input", { name: "comment", required: true, maxlength: 500, dir: "auto", autocomplete: "off" });
  const said = make("p", { class: "said", role: "status" });
  const field = (key, input) => make("label", {}, make("span", {}, say(key)), input);
  const form = make(
    "form",
    { class: "fields" },
    field("silenceWhat", what),
    field("silenceLong", long),
    field("author", author),
    field("comment", comment),
    make("button", { class: "main" }, say("silenceDo")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem(AUTHOR, author.value);
    const match = what.value ? { topic: what.value } : { story: story.id };
    silence(match, Number(long.value), author.value, comment.value, said);
  });
  return make("details", { class: "silence" }, make("summary", {}, say("silence")), form, said);
}

async function silence(match, hours, author, comment, said) {
  const end = new Date(Date.now() + hours * 3_600_000).toISOString();
  let made;
  try {
    made = await send("silences", { match, author, comment, end });
  } catch (error) {
    said.replaceChildren(...why(error));
    return;
  }
  const undo = make("button", { type: "button" }, say("undo"));
  undo.addEventListener("click", async () => {
    try {
      await send(`silences/${encodeURIComponent(made.id)}/expire`, {});
      said.replaceChildren(say("undone"));
    } catch (error) {
      said.replaceChildren(...why(error));
    }
  });
  said.replaceChildren(say("silencedUntil", { at: moment(made.end) }), " ", undo);
}

/** A button that has one delivery sent once more. */
export function sendAgain(id) {
  const said = make("span", { class: "said", role: "status" });
  const button = make("button", { type: "button", class: "again", "data-again": id }, say("again"));
  button.addEventListener("click", async () => {
    button.disabled = true; // once is meant, however often it is pressed
    try {
      const answer = await send("deliveries/replay", { ids: [id] });
      said.replaceChildren(say(answer.queued ? "againQueued" : answer.under_way.length ? "againUnderWay" : "againUnknown"));
    } catch (error) {
      button.disabled = false;
      said.replaceChildren(...why(error));
    }
  });
  return make("span", { class: "resend" }, " ", button, " ", said);
}

/** What to say of a refusal. */
function why(error) {
  if (!(error instanceof Refusal)) throw error;
  return [refusalWords(error)];
}
