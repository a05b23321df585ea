// The keyboard: single letters, as mail readers have them, and none while somebody writes.

import { make } from "./elements.js";
import { say } from "./words.js";

const SHOWN = [
  ["j", "key_next"],
  ["k", "key_previous"],
  ["Enter", "key_open"],
  ["o", "key_original"],
  ["g", "key_top"],
  ["/", "key_find"],
  ["Esc", "key_escape"],
  ["?", "key_help"],
];

// The same keys where an Arabic keyboard is on.
const ARABIC = { ت: "j", ن: "k", خ: "o", ل: "g", "؟": "?", ظ: "/" };

export function listen(does) {
  const help = document.getElementById("keys");
  document.getElementById("help").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      does.escape(event.target);
      return;
    }
    if (event.target.closest?.("input, select, textarea")) return;
    const key = ARABIC[event.key] ?? event.key;
    const act = { j: does.next, k: does.previous, o: does.original, g: does.top, "/": does.find, "?": () => help.showModal() }[key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

/** The list of keys in the words of now. */
export function showKeys() {
  document
    .getElementById("keys-list")
    .replaceChildren(...SHOWN.map(([key, text]) => make("div", {}, make("dt", {}, make("kbd", { dir: "ltr" }, key)), make("dd", {}, say(text)))));
}
