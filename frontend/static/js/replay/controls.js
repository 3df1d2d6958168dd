// Buttons, slider, speed and keys of the player.

import { make, makeButton } from "./dom.js";

export const SPEEDS = [0.25, 0.5, 1, 2, 4];

export class Controls {
  constructor(player, sprite) {
    const last = player.replay.frames - 1;
    this.slider = make("input", { type: "range", min: 0, max: last, step: 1, value: 0, "aria-label": "Step" });
    this.slider.addEventListener("input", () => player.seek(Number(this.slider.value)));
    this.play = makeButton(sprite, "play", "Play", () => player.toggle());
    this.play.classList.add("main");
    this.count = make("span", { class: "player-count" });
    this.speed = make("select", { "aria-label": "Speed" }, ...SPEEDS.map((value) => make("option", { value, selected: value === 1 }, `${value}\u00d7`)));
    this.speed.addEventListener("change", () => { player.speed = Number(this.speed.value); });
    this.copied = makeButton(sprite, "link", "Copy a link to this step", () => player.copyLink());
    const buttons = [
      makeButton(sprite, "first", "To the start", () => player.seek(0)),
      makeButton(sprite, "back", "One step back", () => player.step(-1)),
      this.play,
      makeButton(sprite, "forward", "One step on", () => player.step(1)),
      makeButton(sprite, "last", "To the end", () => player.seek(last)),
    ];
    const tools = [this.speed, this.copied];
    if (document.fullscreenEnabled) tools.push(makeButton(sprite, "full", "Full screen", () => player.fullscreen()));
    this.element = make("div", { class: "player-controls" }, this.slider,
      make("div", { class: "player-buttons" }, ...buttons), this.count, make("div", { class: "player-tools" }, ...tools));
  }

  show(frame, last) {
    this.slider.value = frame;
    this.slider.style.setProperty("--share", `${(100 * frame) / Math.max(1, last)}%`);
    this.slider.setAttribute("aria-valuetext", `step ${frame} of ${last}`);
    this.count.textContent = `${frame} / ${last}`;
  }

  showPlaying(playing) {
    this.play.showIcon(playing ? "pause" : "play", playing ? "Pause" : "Play");
  }
}

/** Let the keyboard drive the player from anywhere on the page but text fields and menus. */
export function listenToKeys(player) {
  const last = player.replay.frames - 1;
  const acts = {
    " ": () => player.toggle(),
    ArrowLeft: (event) => player.step(event.shiftKey ? -10 : -1),
    ArrowRight: (event) => player.step(event.shiftKey ? 10 : 1),
    Home: () => player.seek(0),
    End: () => player.seek(last),
    ",": () => player.step(-1),
    ".": () => player.step(1),
    f: () => player.fullscreen(),
    s: () => player.copyLink(),
  };
  SPEEDS.forEach((value, index) => { acts[index + 1] = () => player.setSpeed(value); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const target = event.target;
    if (target.matches("input:not([type=range]), textarea, select, [contenteditable]")) return;
    if (event.key === " " && target.matches("button, summary, a")) return;
    if (["Home", "End"].includes(event.key) && !player.root.contains(target)) return;
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });
}
