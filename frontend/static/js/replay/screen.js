// One replay on a page: its seats, its stage, its tracks and its table of steps. The clock is the player's.

import { word } from "../language/words.js";
import { Board } from "./board.js";
import { colourReader, make } from "./dom.js";
import { Frames } from "./frames.js";
import { Grid } from "./grid.js";
import { Panel } from "./panel.js";
import { Pictures } from "./pictures.js";
import { colourSeats, markSeat } from "./seats.js";
import { Shapes2d } from "./shapes2d.js";
import { Stage } from "./stage.js";
import { formatReward, Steps } from "./steps.js";
import { Text } from "./text.js";
import { Thought } from "./thought.js";
import { Timeline } from "./timeline.js";

const MANY_SEATS = 4;
const DRAWN = { board: Board, grid: Grid, shapes2d: Shapes2d, frames: Frames };
const WRITTEN = { panel: Panel, text: Text };

/** Make what shows the states of `replay`; `names` may be null where there is no room for them. */
export function makeStage(replay, colour, names, isHalf) {
  if (replay.scene in WRITTEN) return new WRITTEN[replay.scene](replay, names);
  return new Stage(new DRAWN[replay.scene](replay, colour, names), isHalf);
}

export class Screen {
  /** Build the replay inside `root`; `seek(frame)` is called when somebody picks a step. `isHalf`: beside another one. */
  constructor(root, replay, seek, isHalf) {
    Object.assign(this, { root, replay });
    this.last = replay.frames - 1;
    this.frame = -1;
    // Files without colours of their own have those of their board.
    if (replay.scene === "board" && !root.dataset.board) root.dataset.board = replay.style;
    colourSeats(root, replay);
    this.readSeats();
    const colour = colourReader(root);
    this.stage = makeStage(replay, colour, this.names, isHalf);
    if (replay.scene === "frames") this.pictures = new Pictures(root, this.stage.scene, this.stage);
    this.timeline = new Timeline(replay, seek);
    this.now = make("p", { class: "player-now", "aria-hidden": "true" });
    this.tracks = [this.timeline];
    if (replay.thought?.some((levels) => levels.length)) this.tracks.push(new Thought(replay, colour, seek));
    const parts = this.tracks.map((track) => track.element);
    this.view = make("div", { class: "player-view" }, this.stage.element, this.now, ...parts);
    const side = make("div", { class: "player-side" }, root.querySelector("[data-player-seats]"));
    if (!isHalf) {
      this.steps = new Steps(replay, this.names, seek);
      side.append(this.steps.element);
    }
    root.append(...(isHalf ? [side, this.view] : [this.view, side]));
  }

  readSeats() {
    const list = this.root.querySelector("[data-player-seats]");
    for (let seat = list.children.length; seat < this.replay.seats; seat += 1) {
      const name = make("span", { class: "seat" }, make("span", { class: "agent" }, word("Seat {seat}", { seat: seat + 1 })));
      list.append(make("li", {}, name, make("span", { class: "score", title: word("Reward so far") })));
    }
    list.toggleAttribute("data-many", this.replay.seats > MANY_SEATS);
    this.seats = [...list.children].slice(0, this.replay.seats);
    this.seats.forEach((item, seat) => markSeat(item, seat));
    this.names = this.seats.map((item) => item.querySelector(".agent").textContent.trim());
    this.scores = this.seats.map((item) => item.querySelector(".score"));
  }

  /** Draw the state at `position`, between two frames where it is no whole number. */
  draw(position) {
    this.stage.draw(Math.min(this.last, position));
  }

  /** Show everything that goes with `frame` but the drawing. */
  show(frame) {
    const own = Math.min(this.last, frame);
    if (own === this.frame) return;
    this.frame = own;
    for (const track of this.tracks) track.show(own);
    this.steps?.show(own);
    const actor = own ? this.replay.actors[own - 1] : -1;
    this.replay.rewards.forEach((track, seat) => {
      this.scores[seat].textContent = formatReward(track[own]);
      this.seats[seat].toggleAttribute("data-acting", seat === actor);
    });
    this.now.textContent = this.words(own) || word("Step {step}", { step: own });
  }

  words(frame) {
    return this.replay.labels[Math.min(this.last, frame)] || (frame === 0 ? "Start" : "");
  }

  describe(frame) {
    this.stage.describe?.(Math.min(this.last, frame));
  }
}
