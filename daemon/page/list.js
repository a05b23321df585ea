// The list as it is shown: rows in order, each made once and anew only when its story changed. While somebody reads
// further down, or has a story open, new ones wait behind a button, so that nothing moves under the eyes.

import { make } from "./elements.js";
import { row } from "./row.js";
import { say } from "./words.js";

const SOON_MS = 30; // notices of one burst are shown together
const SCROLLED = 60; // pixels from the top: reading has begun

export class List {
  constructor(stories, wanted, tell) {
    this.stories = stories;
    this.wanted = wanted; // () => the stories that fit, newest first
    this.tell = tell; // opened(story or null), empty(whether), fresh(stories)
    this.items = new Map(); // story → {element, changed}
    this.shown = []; // ids in order
    this.heldBack = new Set();
    this.selected = null;
    this.opened = null;
    this.timer = null;
    this.list = document.getElementById("list");
    this.button = document.getElementById("held");
    this.button.addEventListener("click", () => this.toTop());
    addEventListener("scroll", () => this.heldBack.size && !this.reading() && this.show(), { passive: true });
  }

  /** A notice came for a story. */
  came(story) {
    if (this.reading()) {
      this.heldBack.add(story.id);
      this.sayHeld();
      if (story.id === this.opened) this.tell.opened(story);
      return;
    }
    this.timer ??= setTimeout(() => this.show([story]), SOON_MS);
    this.fresh ??= new Set();
    this.fresh.add(story.id);
  }

  /** Whether something would move under the eyes. */
  reading() {
    return scrollY > SCROLLED || this.opened !== null;
  }

  /** Everything that fits, in order. */
  show() {
    clearTimeout(this.timer);
    this.timer = null;
    const fresh = new Set([...(this.fresh ?? []), ...this.heldBack]);
    this.fresh = undefined;
    this.heldBack.clear();
    this.sayHeld();
    const stories = this.wanted();
    let place = this.list.firstElementChild;
    for (const story of stories) {
      const element = this.item(story, fresh.has(story.id));
      if (element === place) place = place.nextElementSibling;
      else this.list.insertBefore(element, place);
    }
    while (place) {
      const next = place.nextElementSibling;
      this.items.delete(place.dataset.story);
      place.remove();
      place = next;
    }
    this.shown = stories.map((story) => story.id);
    this.mark();
    this.tell.empty(stories.length === 0);
    this.tell.fresh(stories.filter((story) => fresh.has(story.id)));
  }

  /** Everything anew: other words. */
  again() {
    this.items.clear();
    this.list.replaceChildren();
    this.show();
  }

  item(story, fresh) {
    const known = this.items.get(story.id);
    if (known?.changed === story.changed) return known.element;
    const element = row(story, () => this.toggle(story.id));
    if (fresh) element.classList.add("fresh");
    const focused = known?.element.contains(document.activeElement);
    known?.element.replaceWith(element);
    this.items.set(story.id, { element, changed: story.changed });
    if (focused) this.headline(story.id)?.focus({ preventScroll: true });
    return element;
  }

  /** Open a story, or close it if it is the open one. */
  toggle(id) {
    this.selected = id;
    this.opened = this.opened === id ? null : id;
    this.mark();
    this.tell.opened(this.opened === null ? null : this.stories.byId.get(id));
    if (this.opened === null) this.headline(id)?.focus({ preventScroll: true });
    if (!this.reading()) this.show();
  }

  close() {
    if (this.opened !== null) this.toggle(this.opened);
  }

  /** Select the story ``step`` further down. Where one is open, that one is opened instead. */
  move(step) {
    const at = this.shown.indexOf(this.selected);
    const id = this.shown[at < 0 ? 0 : Math.min(this.shown.length - 1, Math.max(0, at + step))];
    if (id === undefined) return;
    this.selected = id;
    if (this.opened !== null && this.opened !== id) {
      this.opened = id;
      this.tell.opened(this.stories.byId.get(id));
    }
    this.mark();
    this.headline(id)?.focus();
    this.items.get(id)?.element.scrollIntoView({ block: "nearest" });
  }

  toTop() {
    this.close();
    scrollTo(0, 0);
    this.show();
    this.selected = this.shown[0] ?? null;
    this.mark();
    if (this.selected) this.headline(this.selected)?.focus({ preventScroll: true });
  }

  mark() {
    for (const [id, { element }] of this.items) {
      element.classList.toggle("selected", id === this.selected);
      element.classList.toggle("opened", id === this.opened);
      element.querySelector(".headline").setAttribute("aria-expanded", String(id === this.opened));
    }
  }

  headline(id) {
    return this.items.get(id)?.element.querySelector(".headline") ?? null;
  }

  sayHeld() {
    const count = this.heldBack.size;
    this.button.hidden = count === 0;
    this.button.replaceChildren(count ? make("span", {}, `↑ ${say("held", { count })}`) : "");
  }
}
