// How long every seat thought in every turn, as a strip: one row a seat, taller means longer, on a scale of powers.

import { word } from "../language/words.js";
import { make } from "./dom.js";
import { seatColour } from "./seats.js";
import { listenToSeek } from "./timeline.js";

const ROW = 16;
const THIN_ROW = 6;
const MANY = 4;
/** Levels are quarter octaves of a microsecond (arenas/trajectory.py). */
const secondsOf = (level) => 2 ** (level / 4) / 1e6;

export function inWords(level) {
  const seconds = secondsOf(level);
  if (seconds < 0.001) return `${Number((seconds * 1e6).toPrecision(2))} \u00b5s`;
  return seconds < 1 ? `${Number((seconds * 1000).toPrecision(2))} ms` : `${Number(seconds.toPrecision(2))} s`;
}

/** Spread each seat's own turns over the episode: levels by frame, -1 where it was not asked. */
export function spread(replay) {
  return replay.thought.map((levels, seat) => {
    const byFrame = new Int16Array(replay.frames).fill(-1);
    let own = 0;
    for (let turn = 0; turn < replay.turns && own < levels.length; turn += 1) {
      if (replay.actors[turn] === seat || replay.actors[turn] === -1) {
        byFrame[turn + 1] = levels[own];
        own += 1;
      }
    }
    return byFrame;
  });
}

export class Thought {
  constructor(replay, colour, seek) {
    Object.assign(this, { replay, colour });
    this.levels = spread(replay);
    this.row = replay.seats > MANY ? THIN_ROW : ROW;
    const known = replay.thought.flat();
    this.least = known.reduce((least, level) => Math.min(least, level), Infinity);
    this.most = known.reduce((most, level) => Math.max(most, level), 0);
    this.canvas = make("canvas", { class: "player-thought", "aria-hidden": "true" });
    this.words = make("span", { class: "player-thought-now" });
    const caption = make("figcaption", { class: "soft small" }, `${word("Time thought")} `, this.words);
    this.element = make("figure", { class: "player-track" }, caption, this.canvas);
    listenToSeek(this.canvas, replay, seek);
    new ResizeObserver(() => this.draw()).observe(this.element);
    document.addEventListener("themechange", () => this.draw());
  }

  draw() {
    const width = Math.floor(this.element.clientWidth);
    if (!width) return;
    const ratio = Math.min(devicePixelRatio || 1, 3);
    const height = this.row * this.replay.seats + 2;
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    this.canvas.style.height = `${height}px`;
    const context = this.canvas.getContext("2d");
    context.scale(ratio, ratio);
    this.levels.forEach((levels, seat) => this.drawSeat(context, levels, { width, top: 1 + seat * this.row, seat }));
  }

  /** One bar a pixel column: the longest of the turns that fall into it. */
  drawSeat(context, levels, { width, top, seat }) {
    const span = Math.max(8, this.most - this.least);
    const tallest = this.row - 2;
    const longest = new Int16Array(width).fill(-1);
    const wide = Math.max(1, Math.floor(width / this.replay.frames) - 1);
    for (let frame = 1; frame < levels.length; frame += 1) {
      const column = Math.min(width - 1, Math.floor((frame * width) / this.replay.frames));
      longest[column] = Math.max(longest[column], levels[frame]);
    }
    context.fillStyle = this.colour(seatColour(seat));
    longest.forEach((level, column) => {
      if (level < 0) return;
      const tall = 1 + ((level - this.least) / span) * (tallest - 1);
      context.fillRect(column, top + tallest - tall, wide, tall);
    });
  }

  show(frame) {
    const asked = this.levels.map((levels) => levels[frame]).filter((level) => level >= 0);
    this.words.textContent = asked.length ? word("in this turn: {time}", { time: inWords(Math.max(...asked)) }) : word("a turn");
  }
}
