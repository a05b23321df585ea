// Who is signed in, and what they may do: only buttons that they may press are shown.

import { ask, signOut, signedIn } from "./api.js";
import { foreign, make } from "./elements.js";
import { say } from "./words.js";

const OWN = ["local", "token_file"]; // names that we have words for

let caller = null; // what the server said: {name, may}

/** Ask anew. Answers whether they may do something else than before. Throws ``Refusal``. */
export async function learn() {
  const before = String(caller?.may);
  caller = await ask("caller");
  return before !== String(caller.may);
}

/** Whether a scope is theirs. Nothing is, while nobody knows. */
export const may = (scope) => caller?.may.includes(scope) ?? false;

/** Say who it is; ``left`` is called when they sign out. */
export function showCaller(left) {
  const place = document.getElementById("caller");
  place.hidden = caller === null;
  if (caller === null) return place.replaceChildren();
  const leave = () => {
    signOut();
    caller = null;
    showCaller(left);
    left();
  };
  return place.replaceChildren(
    make(
      "span",
      { class: "who" },
      OWN.includes(caller.name) ? say(`caller_${caller.name}`) : foreign(caller.name),
      may("silence") ? "" : ` · ${say("onlyReads")}`,
    ),
    signedIn() ? make("button", { type: "button", id: "leave", on: { click: leave } }, say("signOut")) : "",
  );
}
