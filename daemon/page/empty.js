// Where there is nothing to show: what to do first, or how to see more.

import { make } from "./elements.js";
import { say } from "./words.js";

const FIRST = [
  ["emptyTopics", ["rasid topics list", "rasid topics new NAME"]],
  ["emptyTry", ["rasid match --topics topics.yaml articles.jsonl"]],
  ["emptyFeed", ["rasid check -c rasid.yaml", "rasid run -c rasid.yaml"]],
  ["emptyDemo", ["rasid demo"]],
];

/** Show it; ``clear`` where filters hide everything, which it undoes. */
export function showEmpty(clear) {
  const place = document.getElementById("empty");
  if (clear !== null) {
    place.replaceChildren(
      make("h2", {}, say("emptyFiltered")),
      make("p", {}, make("button", { type: "button", on: { click: clear } }, say("clear"))),
    );
    return;
  }
  place.replaceChildren(
    make("h2", {}, say("emptyTitle")),
    make("p", {}, say("emptyWaits")),
    make("h3", {}, say("emptyFirst")),
    make(
      "ol",
      {},
      ...FIRST.map(([text, commands]) =>
        make("li", {}, make("p", {}, say(text)), ...commands.map((each) => make("pre", { dir: "ltr" }, make("code", {}, each)))),
      ),
    ),
  );
}
