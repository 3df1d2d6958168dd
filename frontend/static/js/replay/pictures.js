// Asks the site for pictures of an episode that nothing else can draw, and waits for them.

import { word } from "../language/words.js";
import { make } from "./dom.js";
import { fromBase64 } from "./embedded.js";

const POLL_MS = 1000;
const PATIENCE = 4;
/** Times longer than was thought before the page stops asking. */

export class Pictures {
  /** `root` names where pictures are in data-pictures (their state) or data-pictures-embedded; `stage` shows `frames`. */
  constructor(root, frames, stage) {
    Object.assign(this, { root, frames, stage });
    this.words = make("p", {}, "");
    this.bar = make("progress", { hidden: true, max: 1, "aria-label": word("Making pictures") });
    this.element = make("div", { class: "player-pictures", role: "status" }, this.words, this.bar);
    stage.element.prepend(this.element);
    stage.canvas.hidden = true;
  }

  async begin() {
    const embedded = this.root.dataset.picturesEmbedded;
    if (embedded) return this.show(fromBase64(document.getElementById(embedded).textContent));
    if (!this.root.dataset.pictures) return this.say(word("Nothing can draw this arena, and there are no pictures here. Open the match on its site to make some."));
    return this.look();
  }

  say(text, failed = false) {
    this.words.textContent = text;
    this.element.classList.toggle("failed", failed);
  }

  async look() {
    const state = await this.fetchState();
    if (!state) return;
    const acts = { absent: () => this.offer(state), making: () => this.wait(state), failed: () => this.fail(state), ready: () => this.load(state.url) };
    await acts[state.state]?.();
  }

  async fetchState(options) {
    try {
      const answer = await fetch(options?.action ?? this.root.dataset.pictures, { headers: { Accept: "application/json" }, ...options });
      if (answer.ok) return await answer.json();
      this.say(answer.status === 429 ? word("Many pictures are being made right now. Try again in a minute.") : word("The site could not say whether there are pictures ({status}).", { status: answer.status }), true);
    } catch {
      this.say(word("The site cannot be reached. Reload the page to try again."), true);
    }
    return null;
  }

  offer(state, before = "") {
    const form = this.root.querySelector("[data-player-form]");
    this.say(before + word("Nothing can draw this arena as it is played. Pictures are made by playing the episode again."));
    if (!form) {
      this.words.append(" ", make("a", { href: this.root.dataset.picturesPage ?? "#" }, word("Make them on their own page")), ".");
      return;
    }
    const button = form.querySelector("button");
    button.textContent = word("Make pictures (about {seconds} s)", { seconds: state.seconds });
    form.hidden = false;
    this.element.append(form);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      const asked = await this.fetchState({ method: "POST", body: new FormData(form), action: form.action });
      button.disabled = false;
      if (!asked) return;
      form.hidden = true;
      this.since = performance.now();
      await this.wait(asked);
    }, { once: true });
  }

  async wait(state) {
    this.since ??= performance.now();
    this.bar.hidden = false;
    for (;;) {
      const seconds = (performance.now() - this.since) / 1000;
      // The bar runs by what such episodes took before, and never says that it is done before it is.
      this.bar.value = Math.min(0.95, seconds / Math.max(1, state.seconds));
      this.say(word("Making pictures (about {seconds} s).", { seconds: state.seconds }));
      if (seconds > 30 + PATIENCE * state.seconds) return this.say(word("This takes longer than it should. The pictures will be here when they are done: come back later."));
      await new Promise((done) => { setTimeout(done, POLL_MS); });
      const now = await this.fetchState();
      if (!now) return this.bar.remove();
      if (now.state === "ready") return this.load(now.url);
      if (now.state === "failed") return this.fail(now);
    }
  }

  fail(state) {
    this.bar.hidden = true;
    this.say(word("No pictures could be made: {why}", { why: state.message }), true);
  }

  async load(url) {
    this.say(word("Loading the pictures."));
    const bytes = await fetch(url)
      .then((answer) => (answer.ok ? answer.arrayBuffer() : null))
      .catch(() => null);
    if (!bytes) return this.say(word("The pictures could not be fetched. Reload the page to try again."), true);
    return this.show(new Uint8Array(bytes), url);
  }

  async show(bytes, url = "") {
    try {
      const steps = await this.frames.take(bytes, () => this.stage.draw(this.stage.position));
      if (!steps) return this.showFilm(url || URL.createObjectURL(new Blob([bytes], { type: "image/webp" })));
    } catch {
      return this.say(word("The pictures are damaged: this browser cannot read them."), true);
    }
    this.element.remove();
    this.stage.canvas.hidden = false;
    this.stage.fit();
    return undefined;
  }

  /** Browsers without ImageDecoder, or pages without https, play the file by themselves. */
  showFilm(url) {
    this.say(word("This browser plays the pictures by itself: the step buttons do not move them."));
    this.bar.remove();
    this.element.prepend(make("img", { src: url, alt: word("The episode in pictures") }));
  }
}
