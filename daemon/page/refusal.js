// What a refusal of the server's is called in our words, by its status; the server's own, which are English, follow.

import { foreign, make } from "./elements.js";
import { known, say } from "./words.js";

/** ``error`` is a ``Refusal``. In English the server's words stand; in other languages the mouse tells them. */
export function refusalWords(error) {
  const ours = error.status === 0 ? "unreached" : `status_${error.status}`;
  if (error.message && !known(ours)) return foreign(error.message);
  return make("span", { title: error.message || null }, known(ours) ? say(ours) : say("failedSomehow", { status: error.status }));
}
