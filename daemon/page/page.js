// Everything together: what came is kept, shown, and followed.

import { Refusal, ask, signIn, signOut, signedIn } from "./api.js";
import { learn, showCaller } from "./caller.js";
import { Detail } from "./detail.js";
import { webAddress } from "./elements.js";
import { showEmpty } from "./empty.js";
import { Health } from "./health.js";
import { listen, showKeys } from "./keys.js";
import { List } from "./list.js";
import { Rail } from "./rail.js";
import { refusalWords } from "./refusal.js";
import { Stories, fits } from "./stories.js";
import { Stream } from "./stream.js";
import { choose, direction, language, moment, say } from "./words.js";

const MOST = 500; // stories at hand: more than anybody scrolls through
const PAGE = 200; // notices asked for at once
const DAY_MS = 86_400_000;
const MOST_PAGES = 5; // of the last 24 hours, for the list and the charts
const AGAIN_MS = 3_000;
const COUNT_MS = 60_000; // between two looks at the counts: what comes is counted meanwhile

const at = (id) => document.getElementById(id);
const stories = new Stories(MOST);
const rail = new Rail((reload) => (reload ? load() : list.show()));
const wanted = () => stories.newestFirst().filter((story) => fits(story, rail.wanted));
const list = new List(stories, wanted, { opened, empty, fresh });
const detail = new Detail(() => list.close(), refused);
const health = new Health(refused);
const stream = new Stream({ notice: came, gap: () => load(), state: line });

let next = null; // where older ones go on
let turn = 0; // of loading: only the last one counts
let busy = false;
let unread = 0;
let lineState = "connecting";
let awaySince = null; // when the connection was lost

function opened(story) {
  detail.show(story);
}

function empty(whether) {
  at("empty").hidden = !whether || busy;
  if (whether) showEmpty(rail.isEmpty() ? null : () => rail.clear());
  at("older").hidden = next === null || stories.size >= MOST;
  at("bound").hidden = !(stories.size >= MOST && (next !== null || stories.dropped));
  at("bound").textContent = say("bound", { n: MOST });
}

function fresh(shown) {
  if (shown.length === 0) return;
  at("said").textContent = shown.length === 1 ? say("heard", { headline: shown[0].latest.headline }) : say("held", { count: shown.length });
  if (document.hidden) unread += shown.length;
  name();
}

function name() {
  document.title = unread ? `(${unread}) ${say("rasid")}` : say("rasid");
}

function came(notice) {
  const story = stories.take(notice);
  if (story === null) return;
  rail.came(notice);
  rail.showTopics();
  if (fits(story, rail.wanted)) list.came(story);
}

/** The newest stories from the server, then everything after them as it comes. */
async function load() {
  turn += 1;
  const mine = turn;
  busy = true;
  stream.end();
  line("connecting");
  let answer;
  let others;
  try {
    [answer, others] = await Promise.all([ask("alerts", { ...asked(), limit: PAGE }), learn()]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (mine !== turn) return;
    busy = false;
    if (error.status === 401) {
      refused();
      return;
    }
    line("away");
    if (error.message) at("line").replaceChildren(refusalWords(error)); // the server knows better
    health.look(); // the server itself may answer, and say what is away
    setTimeout(() => mine === turn && load(), AGAIN_MS);
    return;
  }
  if (mine !== turn) return;
  busy = false;
  showCaller(refused);
  if (others) detail.again(); // other buttons
  stories.clear();
  await count();
  if (mine !== turn) return;
  const counts = !rail.counted && rail.topics.size === 0; // what comes later is counted as it comes
  took(answer, counts);
  stream.start(answer.newest);
  for (let page = 1; page < MOST_PAGES && ofToday(answer) && mine === turn; page += 1) {
    try {
      answer = await ask("alerts", { ...asked(), limit: PAGE, cursor: next });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      break; // the rest is a button away
    }
    if (mine === turn) took(answer, counts);
  }
  if (counts && mine === turn) rail.partial = ofToday(answer);
  rail.show();
}

/** Whether more of the last 24 hours may follow. */
const ofToday = (answer) => answer.next !== null && Date.now() - Date.parse(answer.alerts.at(-1)?.at ?? "") < DAY_MS;

function took(answer, counts) {
  next = answer.next;
  for (const notice of answer.alerts) {
    stories.take(notice);
    if (counts) rail.came(notice);
    else rail.heard(notice);
  }
  rail.show();
  list.show();
}

/** Ask how much each topic had. */
async function count() {
  try {
    rail.count((await ask("topics")).topics);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error; // what is at hand is counted
  }
}

async function older() {
  try {
    const answer = await ask("alerts", { ...asked(), limit: PAGE, cursor: next });
    next = answer.next;
    for (const notice of answer.alerts) stories.take(notice);
    list.show();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    line("away");
  }
}

function asked() {
  const { topic, severity } = rail.wanted;
  return { ...(topic ? { topic } : {}), ...(severity ? { severity } : {}) };
}

function line(state) {
  lineState = state;
  if (state === "away") awaySince ??= Date.now();
  if (state === "live") awaySince = null;
  at("line").className = `line ${state}`;
  at("line").textContent = lineWords();
  if (state === "refused") refused();
  if (state === "live") health.look();
}

/** While it is lost, also between two attempts: since when. */
function lineWords() {
  return lineState === "away" || (lineState === "connecting" && awaySince) ? say("away", { at: moment(awaySince) }) : say(lineState);
}

function refused() {
  stream.end();
  lineState = "refused";
  at("line").className = "line refused";
  at("line").textContent = say("refused");
  at("sign-in-wrong").textContent = signedIn() ? say("signInWrong") : "";
  signOut();
  if (!at("sign-in").open) at("sign-in").showModal();
}

function words() {
  document.documentElement.lang = language();
  document.documentElement.dir = direction();
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
  for (const each of document.querySelectorAll("[data-label]")) each.setAttribute("aria-label", say(each.dataset.label));
  at("language").lang = language() === "ar" ? "en" : "ar";
  at("line").textContent = lineWords();
  showKeys();
  name();
}

at("sign-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  signIn(at("token").value.trim());
  at("token").value = "";
  at("sign-in").close();
  load();
});
at("sign-in").addEventListener("cancel", (event) => event.preventDefault());
at("older").addEventListener("click", older);
at("narrow").addEventListener("click", () => {
  const shown = document.body.classList.toggle("with-rail");
  at("narrow").setAttribute("aria-expanded", String(shown));
});
at("language").addEventListener("click", () => {
  choose(language() === "ar" ? "en" : "ar");
  words();
  showCaller(refused);
  rail.show();
  list.again();
  health.look();
  detail.again();
});
at("skip").addEventListener("click", (event) => {
  event.preventDefault();
  at("stories").focus();
});
addEventListener("online", () => lineState === "away" && stream.place && stream.again());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unread = 0;
  name();
  if (lineState !== "away" || busy) return;
  if (stream.place) stream.again();
  else load();
});
listen({
  next: () => list.move(1),
  previous: () => list.move(-1),
  top: () => list.toTop(),
  find: () => {
    document.body.classList.add("with-rail");
    at("narrow").setAttribute("aria-expanded", "true");
    at("text").focus();
  },
  original: () => {
    const address = webAddress(stories.byId.get(list.selected)?.latest.url);
    if (address) open(address, "_blank", "noopener,noreferrer");
  },
  escape: (target) => (target.closest?.("#filters") ? at("stories").focus() : list.close()),
});

words();
rail.show();
load();
setInterval(() => rail.counted && !document.hidden && count(), COUNT_MS);
