// The cumulative reward of every seat over the episode, drawn at the size it has; click or drag to seek.

import { word } from "../language/words.js";
import { make, makeSvg } from "./dom.js";
import { markSeat } from "./seats.js";

const HEIGHT = 84;
const PAD = 6;

/** Keep at most two points (lowest, highest) for each pixel column. */
function thin(values, width) {
  const bucket = Math.max(1, Math.floor(values.length / width));
  const kept = [];
  for (let start = 0; start < values.length; start += bucket) {
    let low = start;
    let high = start;
    for (let index = start; index < Math.min(start + bucket, values.length); index += 1) {
      if (values[index] < values[low]) low = index;
      if (values[index] > values[high]) high = index;
    }
    kept.push(...(low === high ? [low] : [Math.min(low, high), Math.max(low, high)]));
  }
  if (kept.at(-1) !== values.length - 1) kept.push(values.length - 1);
  return kept;
}

/** Let a click or a drag on `element` pick the frame it stands for. */
export function listenToSeek(element, replay, seek) {
  const to = (event) => {
    const box = element.getBoundingClientRect();
    seek(Math.round(((event.clientX - box.left) / box.width) * (replay.frames - 1)));
  };
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    to(event);
  });
  element.addEventListener("pointermove", (event) => { if (element.hasPointerCapture(event.pointerId)) to(event); });
}

export class Timeline {
  constructor(replay, seek) {
    this.replay = replay;
    this.svg = makeSvg("svg", { class: "player-timeline", height: HEIGHT, "aria-hidden": "true" });
    this.low = makeSvg("text", { class: "axis-text", x: 4, y: HEIGHT - 6 });
    this.high = makeSvg("text", { class: "axis-text", x: 4, y: 14 });
    this.cursor = makeSvg("line", { class: "cursor", y1: 0, y2: HEIGHT });
    this.element = make("figure", { class: "player-track" }, make("figcaption", { class: "soft small" }, word("Reward so far")), this.svg);
    listenToSeek(this.svg, replay, seek);
    new ResizeObserver(() => this.fit()).observe(this.svg.parentElement);
  }

  fit() {
    const width = Math.floor(this.element.clientWidth);
    if (!width || width === this.width) return;
    this.width = width;
    this.svg.setAttribute("width", width);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    let lowest = 0;
    let highest = 0;
    for (const track of this.replay.rewards) {
      for (const value of track) {
        lowest = Math.min(lowest, value);
        highest = Math.max(highest, value);
      }
    }
    if (highest === lowest) [lowest, highest] = [-1, 1];
    const span = highest - lowest;
    const x = (frame) => ((frame * width) / Math.max(1, this.replay.frames - 1)).toFixed(1);
    const y = (value) => (HEIGHT - PAD - ((value - lowest) / span) * (HEIGHT - 2 * PAD)).toFixed(1);
    const zero = makeSvg("line", { class: "zero", x1: 0, x2: width, y1: y(0), y2: y(0) });
    const lines = this.replay.rewards.map((track, seat) => markSeat(makeSvg("polyline", {
      class: "reward", points: thin(track, width).map((frame) => `${x(frame)},${y(track[frame])}`).join(" "),
    }), seat));
    this.high.textContent = highest.toFixed(highest < 10 ? 1 : 0);
    this.low.textContent = lowest < 0 ? lowest.toFixed(lowest > -10 ? 1 : 0) : "";
    this.svg.replaceChildren(zero, ...lines, this.high, this.low, this.cursor);
    this.show(this.frame ?? 0);
  }

  show(frame) {
    this.frame = frame;
    const x = ((frame * (this.width ?? 0)) / Math.max(1, this.replay.frames - 1)).toFixed(1);
    this.cursor.setAttribute("x1", x);
    this.cursor.setAttribute("x2", x);
  }
}
