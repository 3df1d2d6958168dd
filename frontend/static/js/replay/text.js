// Shows what an environment writes, monospaced; SGR codes become colours of this page.

import { make } from "./dom.js";

const CODE = /\x1b\[([\d;]*)m/;
const HUES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** Turn text with SGR codes into elements: bold, inverse, and the eight colours in front and behind. */
export function colourText(text) {
  const parts = text.split(CODE);
  const pieces = [];
  let style = {};
  for (let index = 0; index < parts.length; index += 2) {
    if (index) style = applyCodes(style, parts[index - 1]);
    if (parts[index]) pieces.push(Object.keys(style).length ? make("span", style, parts[index]) : parts[index]);
  }
  return pieces;
}

function applyCodes(style, codes) {
  let found = { ...style };
  for (const code of codes.split(";").map(Number)) {
    if (code === 0) found = {};
    else if (code === 1 || code === 7) found["data-strong"] = true;
    else if (code >= 30 && code <= 37) found["data-ink"] = HUES[code - 30];
    else if (code >= 40 && code <= 47) found["data-behind"] = HUES[code - 40];
  }
  return found;
}

export class Text {
  constructor(replay) {
    this.texts = replay.texts;
    this.page = make("pre", { class: "player-text" });
    this.element = make("div", { class: "player-stage" }, this.page);
    this.shown = -1;
  }

  draw(position) {
    let source = Math.floor(position);
    while (source > 0 && this.texts[source] === null) source -= 1;
    if (source === this.shown) return;
    this.shown = source;
    this.page.replaceChildren(...colourText(this.texts[source] ?? ""));
  }

  describe() {}
}
