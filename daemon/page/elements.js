// How everything on the page is made: elements with text in them. No text is ever read as markup.

// What turns the reading direction, hides, or breaks the line: shown as a mark, so that nobody is fooled by it.
// C0 and C1 controls, bidi embeddings, overrides and isolates, line separators, soft hyphen, byte order mark, tags.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;

/** An element: ``attributes`` by name (class, dir, aria-label …), ``on`` by event, then children, texts or nothing. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.flat().filter((each) => each !== null && each !== undefined && each !== ""));
  return element;
}

/** Foreign text as nodes, what is hidden in it shown: ``U+202E`` in a box. */
export function plain(text) {
  const nodes = [];
  let run = "";
  for (const character of String(text ?? "")) {
    if (!HIDDEN.test(character) || character === "\n") {
      run += character === "\n" ? " " : character;
      continue;
    }
    if (run) nodes.push(document.createTextNode(run));
    run = "";
    const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    nodes.push(make("bdi", { class: "hidden-mark", dir: "ltr", title: `U+${code}` }, code));
  }
  if (run) nodes.push(document.createTextNode(run));
  return nodes;
}

/** Foreign text, kept apart from what is around it. ``dir`` is rtl or ltr where it is known. */
export function foreign(text, dir = "auto", attributes = {}) {
  return make("bdi", { dir: dir === "rtl" || dir === "ltr" ? dir : "auto", ...attributes }, ...plain(text));
}

/** A quote with what decided marked; ``start`` and ``end`` of highlights count code points. */
export function marked(quote, highlights, titled) {
  const characters = Array.from(quote);
  const nodes = [];
  let at = 0;
  for (const each of [...highlights].sort((one, other) => one.start - other.start || other.end - one.end)) {
    const start = Math.max(at, each.start);
    const end = Math.min(each.end, characters.length);
    if (!(start < end)) continue;
    nodes.push(...plain(characters.slice(at, start).join("")));
    nodes.push(make("mark", { title: titled(each) }, ...plain(characters.slice(start, end).join(""))));
    at = end;
  }
  nodes.push(...plain(characters.slice(at).join("")));
  return nodes;
}

/** A link out of the page, or the bare children where the address is no http(s) address. */
export function outwards(url, attributes, ...children) {
  const address = webAddress(url);
  if (address === null) return make("span", attributes, ...children);
  return make("a", { ...attributes, href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** The address if it is http or https, else null. */
export function webAddress(url) {
  try {
    const address = new URL(String(url));
    return address.protocol === "https:" || address.protocol === "http:" ? address.href : null;
  } catch {
    return null;
  }
}

/** A drawing: SVG elements have a namespace of their own. */
export function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}
