// What the page asks the server. The token is kept for this tab only, and is sent in a header, never in an address.

const ROOT = new URL("../api/v1/", import.meta.url);
const KEPT = "rasid.token";
const PATIENCE_MS = 15_000; // the server answers within 10 s, or says that it cannot

/** The server's refusal: its status, and what it says. Status 0: it was not reached. */
export class Refusal extends Error {
  constructor(status, says) {
    super(says);
    this.status = status;
  }
}

export const signedIn = () => sessionStorage.getItem(KEPT) !== null;
export const signIn = (token) => sessionStorage.setItem(KEPT, token);
export const signOut = () => sessionStorage.removeItem(KEPT);

/** Headers of every request. A token with characters that no header can hold is left out, and so refused. */
export function headers(more = {}) {
  const token = sessionStorage.getItem(KEPT);
  return token && /^[\x21-\x7e]+$/.test(token) ? { ...more, Authorization: `Bearer ${token}` } : more;
}

/** The address of a path below /api/v1/, with parameters; lists are several of one name. */
export function address(path, parameters = {}) {
  const url = new URL(path, ROOT);
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of Array.isArray(value) ? value : [value]) url.searchParams.append(name, each);
  }
  return url;
}

/** The JSON at a path. Throws ``Refusal``. */
export const ask = (path, parameters) => answered(address(path, parameters), {});

/** What the server says to JSON that is sent. Throws ``Refusal``. */
export const send = (path, content) =>
  answered(address(path), {
    method: "POST",
    body: JSON.stringify(content),
    headers: { "Content-Type": "application/json" },
  });

async function answered(url, options) {
  const limit = AbortSignal.timeout(PATIENCE_MS);
  let answer;
  try {
    answer = await fetch(url, { ...options, headers: headers(options.headers), signal: limit, cache: "no-store" });
  } catch {
    throw new Refusal(0, "");
  }
  let content;
  try {
    content = await answer.json();
  } catch {
    throw new Refusal(answer.status || 0, "");
  }
  if (!answer.ok) throw new Refusal(answer.status, String(content.error ?? ""));
  return content;
}
