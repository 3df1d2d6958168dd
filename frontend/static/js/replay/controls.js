// Buttons, slider and speed of the player.

import { word } from "../language/words.js";
import { make, makeButton } from "./dom.js";

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

export class Controls {
  /** `help` opens the list of keys. */
  constructor(player, sprite, help) {
    const last = player.last;
    this.slider = make("input", { type: "range", min: 0, max: last, step: 1, value: 0, "aria-label": word("Step") });
    this.slider.addEventListener("input", () => player.seek(Number(this.slider.value)));
    this.play = makeButton(sprite, "play", word("Play"), () => player.toggle());
    this.play.classList.add("main");
    this.count = make("span", { class: "player-count" });
    this.speed = make("select", { "aria-label": word("Speed") }, ...SPEEDS.map((value) => make("option", { value, selected: value === 1 }, `${value}\u00d7`)));
    this.speed.addEventListener("change", () => { player.speed = Number(this.speed.value); });
    const buttons = [
      makeButton(sprite, "first", word("To the start"), () => player.seek(0)),
      makeButton(sprite, "back", word("One step back"), () => player.step(-1)),
      this.play,
      makeButton(sprite, "forward", word("One step on"), () => player.step(1)),
      makeButton(sprite, "last", word("To the end"), () => player.seek(last)),
    ];
    const tools = [this.speed];
    if (player.hasLink) tools.push(makeButton(sprite, "link", word("Copy a link to this step"), () => player.copyLink()));
    if (document.fullscreenEnabled) tools.push(makeButton(sprite, "full", word("Full screen"), () => player.fullscreen()));
    tools.push(makeButton(sprite, "provisional", word("Keys"), help));
    this.element = make("div", { class: "player-controls" }, this.slider,
      make("div", { class: "player-buttons" }, ...buttons), this.count, make("div", { class: "player-tools" }, ...tools));
  }

  show(frame, last) {
    this.slider.value = frame;
    this.slider.style.setProperty("--share", `${(100 * frame) / Math.max(1, last)}%`);
    this.slider.setAttribute("aria-valuetext", word("step {step} of {last}", { step: frame, last }));
    this.count.textContent = `${frame} / ${last}`;
  }

  showPlaying(playing) {
    this.play.showIcon(playing ? "pause" : "play", playing ? word("Pause") : word("Play"));
  }
}
