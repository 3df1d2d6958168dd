// Puts stage, controls, timeline and step table together and runs the clock.

import { Board } from "./board.js";
import { Controls, listenToKeys } from "./controls.js";
import { colourReader, make } from "./dom.js";
import { Panel } from "./panel.js";
import { Shapes2d } from "./shapes2d.js";
import { Stage } from "./stage.js";
import { Steps, formatReward } from "./steps.js";
import { Timeline } from "./timeline.js";

const GLIDE_SECONDS = 0.22;
const SPOKEN_EVERY = 1500;

export class Player {
  constructor(root, replay) {
    this.root = root;
    this.replay = replay;
    this.last = replay.frames - 1;
    this.position = 0;
    this.frame = -1;
    this.speed = 1;
    this.playing = false;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.spokenAt = 0;
    if (replay.scene === "board") root.dataset.board = replay.style;
    this.readSeats();
    this.build();
    this.tick = this.tick.bind(this);
  }

  readSeats() {
    const list = this.root.querySelector("[data-player-seats]");
    for (let seat = list.children.length; seat < this.replay.seats; seat += 1) {
      const name = make("span", { class: "seat" }, make("span", { class: "agent" }, `seat ${seat}`));
      list.append(make("li", { "data-seat": seat % 8 }, name, make("span", { class: "score" })));
    }
    this.seats = [...list.children].slice(0, this.replay.seats);
    this.names = this.seats.map((item) => item.querySelector(".agent").textContent.trim());
    this.scores = this.seats.map((item) => item.querySelector(".score"));
  }

  build() {
    const { replay, root } = this;
    const colour = colourReader(root);
    const scenes = { board: Board, shapes2d: Shapes2d };
    this.stage = replay.scene === "panel" ? new Panel(replay, this.names) : new Stage(new scenes[replay.scene](replay, colour, this.names));
    const seek = (frame) => this.seek(frame);
    this.controls = new Controls(this, root.dataset.icons);
    this.timeline = new Timeline(replay, seek);
    this.steps = new Steps(replay, this.names, seek);
    this.now = make("p", { class: "player-now", "aria-hidden": "true" });
    this.spoken = make("p", { class: "visually-hidden", "aria-live": "polite" });
    const side = make("div", { class: "player-side" }, root.querySelector("[data-player-seats]"), this.spoken, this.steps.element);
    root.append(make("div", { class: "player-view" }, this.stage.element, this.now, this.controls.element, this.timeline.element), side);
  }

  begin() {
    listenToKeys(this);
    addEventListener("hashchange", () => this.seekToHash());
    this.stage.element.addEventListener("click", () => this.toggle());
    this.root.dataset.state = "ready";
    if (!this.seekToHash()) {
      this.seek(0);
      if (!this.calm && this.root.dataset.autoplay !== "no") this.toggle();
    }
  }

  seekToHash() {
    const found = /^#t=(\d+)$/.exec(location.hash);
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
    const rate = this.glide?.rate ?? this.replay.fps * this.speed;
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
    this.stage.draw(still);
    if (!this.glide) this.showFrame(Math.floor(position));
    else if (position >= this.glide.to) this.showFrame(this.glide.to);
  }

  showFrame(frame) {
    if (frame === this.frame && !this.owed) return;
    this.frame = frame;
    this.root.dataset.frame = frame;
    this.controls.show(frame, this.last);
    this.timeline.show(frame);
    this.steps.show(frame);
    this.showSeats(frame);
    this.speak(frame);
  }

  showSeats(frame) {
    const actor = frame ? this.replay.actors[frame - 1] : -1;
    this.replay.rewards.forEach((track, seat) => {
      this.scores[seat].textContent = formatReward(track[frame]);
      this.seats[seat].toggleAttribute("data-acting", seat === actor);
    });
  }

  /** Name the step: at once when still, at most every 1.5 s when playing, so a screen reader keeps up. */
  speak(frame) {
    const text = this.replay.labels[frame] || (frame === 0 ? "Start" : "");
    this.now.textContent = text || `Step ${frame}`;
    const now = performance.now();
    this.owed = this.playing && now - this.spokenAt < SPOKEN_EVERY && frame !== this.last;
    if (this.owed) return;
    this.spokenAt = now;
    this.spoken.textContent = `Step ${frame} of ${this.last}. ${text}`;
    this.stage.describe?.(frame);
  }

  setSpeed(value) {
    this.speed = value;
    this.controls.speed.value = String(value);
  }

  async copyLink() {
    const url = new URL(location.href);
    url.hash = `t=${this.frame}`;
    history.replaceState(history.state, "", url);
    await navigator.clipboard?.writeText(url.href).catch(() => {});
    this.spoken.textContent = `The address now leads to step ${this.frame}.`;
    this.now.textContent = `Link to step ${this.frame} copied`;
  }

  fullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }
}
