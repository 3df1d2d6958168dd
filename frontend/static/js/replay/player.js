// Runs the clock of one replay, or of two side by side, and shows it on their screens.

import { word } from "../language/words.js";
import { Controls } from "./controls.js";
import { make } from "./dom.js";
import { listenToKeys, showHelp } from "./keys.js";
import { Screen } from "./screen.js";

const GLIDE_SECONDS = 0.22;
const SPOKEN_EVERY = 1500;

export class Player {
  /** `halves`: the element and the replay of each screen; the first one's speed is that of all. */
  constructor(root, halves) {
    this.root = root;
    this.fps = halves[0].replay.fps;
    this.last = Math.max(...halves.map(({ replay }) => replay.frames - 1));
    this.position = 0;
    this.frame = -1;
    this.speed = 1;
    this.playing = false;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.hasLink = root.dataset.link !== "no";
    this.spokenAt = 0;
    this.screens = halves.map((half) => new Screen(half.root, half.replay, (frame) => this.seek(frame), halves.length > 1));
    this.controls = new Controls(this, root.dataset.icons, () => showHelp(this));
    this.spoken = make("p", { class: "visually-hidden", "aria-live": "polite" });
    if (halves.length === 1) this.screens[0].now.after(this.controls.element);
    else root.append(this.controls.element);
    root.append(this.spoken);
    this.tick = this.tick.bind(this);
  }

  begin() {
    listenToKeys(this);
    addEventListener("hashchange", () => this.seekToLink());
    this.root.dataset.state = "ready";
    for (const { stage, pictures } of this.screens) {
      stage.element.addEventListener("click", (event) => { if (!event.target.closest("form, a, button")) this.toggle(); });
      pictures?.begin();
    }
    if (!this.seekToLink()) {
      this.seek(0);
      if (!this.calm && this.root.dataset.autoplay !== "no") this.toggle();
    }
  }

  /** Go where the address says: #t=130, or ?turn=130 where a link cannot have a fragment. */
  seekToLink() {
    const found = /^#t=(\d{1,9})$/.exec(location.hash) ?? /[?&]turn=(\d{1,9})(?:&|$)/.exec(location.search);
    if (found) this.seek(Number(found[1]));
    return Boolean(found);
  }

  seek(frame) {
    this.glide = null;
    this.pause();
    this.moveTo(Math.min(this.last, Math.max(0, frame)));
  }

  /** Go `count` frames on. One step forward glides, so that the eye sees what moved. */
  step(count) {
    const target = Math.min(this.last, Math.max(0, Math.floor(this.glide?.to ?? this.position) + count));
    this.seek(count === 1 && !this.calm ? target - 1 : target);
    if (this.position === target) return;
    this.glide = { to: target, rate: 1 / GLIDE_SECONDS };
    this.showFrame(target);
    this.run();
  }

  toggle() {
    if (this.playing) {
      this.pause();
      this.moveTo(Math.round(this.position));
      return;
    }
    this.glide = null;
    if (this.position >= this.last) this.moveTo(0);
    this.playing = this.last > 0;
    this.controls.showPlaying(this.playing);
    this.run();
  }

  pause() {
    this.playing = false;
    this.controls.showPlaying(false);
  }

  run() {
    this.before = performance.now();
    if (!this.pending) this.pending = requestAnimationFrame(this.tick);
  }

  tick(now) {
    this.pending = 0;
    if (!this.playing && !this.glide) return;
    // A tab that slept comes back where it left, not minutes later.
    const seconds = Math.min(0.25, Math.max(0, now - this.before) / 1000);
    this.before = now;
    const end = this.glide?.to ?? this.last;
    const rate = this.glide?.rate ?? this.fps * this.speed;
    const next = Math.min(end, this.position + seconds * rate);
    if (next >= end) {
      this.glide = null;
      this.pause();
    }
    this.moveTo(next);
    if (this.playing || this.glide) this.pending = requestAnimationFrame(this.tick);
  }

  moveTo(position) {
    this.position = position;
    const still = this.calm ? Math.floor(position) : position;
    for (const screen of this.screens) screen.draw(still);
    if (!this.glide) this.showFrame(Math.floor(position));
    else if (position >= this.glide.to) this.showFrame(this.glide.to);
  }

  showFrame(frame) {
    if (frame === this.frame && !this.owed) return;
    this.frame = frame;
    this.root.dataset.frame = frame;
    this.controls.show(frame, this.last);
    for (const screen of this.screens) screen.show(frame);
    this.speak(frame);
  }

  /** Name the step: at once when still, at most every 1.5 s when playing, so a screen reader keeps up. */
  speak(frame) {
    const now = performance.now();
    this.owed = this.playing && now - this.spokenAt < SPOKEN_EVERY && frame !== this.last;
    if (this.owed) return;
    this.spokenAt = now;
    this.spoken.textContent = `${word("Step {step} of {last}", { step: frame, last: this.last })}. ${this.screens.map((screen) => screen.words(frame)).join(". ")}`;
    for (const screen of this.screens) screen.describe(frame);
  }

  setSpeed(value) {
    this.speed = value;
    this.controls.speed.value = String(value);
  }

  async copyLink() {
    if (!this.hasLink) return;
    const url = new URL(location.href);
    url.searchParams.delete("turn");
    url.hash = `t=${this.frame}`;
    history.replaceState(history.state, "", url);
    await navigator.clipboard?.writeText(url.href).catch(() => {});
    this.spoken.textContent = word("The address now leads to step {step}.", { step: this.frame });
    this.screens[0].now.textContent = word("Link to step {step} copied", { step: this.frame });
  }

  fullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }
}
