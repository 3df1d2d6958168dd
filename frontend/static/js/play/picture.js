// Draws the state of a table with the scenes of the replay player. Every state is a trajectory of one frame.

import { word } from "../language/words.js";
import { Board } from "../replay/board.js";
import { colourReader, make } from "../replay/dom.js";
import { Grid } from "../replay/grid.js";
import { readTrajectory } from "../replay/load.js";
import { Panel } from "../replay/panel.js";
import { colourSeats } from "../replay/seats.js";
import { Shapes2d } from "../replay/shapes2d.js";
import { Stage } from "../replay/stage.js";
import { Text } from "../replay/text.js";

const DRAWN = { board: Board, grid: Grid, shapes2d: Shapes2d };
const WRITTEN = { panel: Panel, text: Text };
const GLIDE = 220;

/** The change from one board to the next, as a trajectory has it. */
function changesOf(before, now) {
  return now.flatMap((glyph, index) => (glyph === before[index] ? [] : [[index, glyph]]));
}

export class Picture {
  constructor(root, mount, names) {
    Object.assign(this, { root, mount, names });
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.colour = colourReader(root);
    this.scene = null;
    this.marks = [-1, -1, []];
  }

  /** Show a whole state: a trajectory of one frame, packed. */
  async show(packed) {
    const replay = await readTrajectory(new TextEncoder().encode(JSON.stringify(packed)));
    if (!this.replay) colourSeats(this.root, replay);
    const before = this.replay;
    this.replay = replay;
    if (replay.scene in WRITTEN) this.write(replay);
    else if (replay.scene === "board" && before) this.glide(before, replay);
    else this.draw(replay, 0);
  }

  /** Show a picture that the environment rendered itself: a PNG in base64. */
  showImage(content) {
    if (!this.image) {
      this.image = make("img", { class: "play-image", alt: word("The screen of the arena") });
      this.mount.replaceChildren(make("div", { class: "player-stage" }, this.image));
    }
    this.image.src = `data:image/png;base64,${content}`;
  }

  write(replay) {
    const written = new WRITTEN[replay.scene](replay, this.names);
    this.mount.replaceChildren(written.element);
    written.draw(0);
  }

  draw(replay, position) {
    if (replay.scene === "shapes2d") this.keepBounds(replay);
    const scene = new DRAWN[replay.scene](replay, this.colour, this.names);
    if (replay.bounds === "follow" && this.scene) scene.span = Math.max(this.scene.span, scene.span);
    this.scene = scene;
    const marked = {
      aspect: scene.aspect,
      describe: (frame) => scene.describe(frame),
      draw: (context, width, height, share) => {
        scene.draw(context, width, height, share);
        if (replay.scene === "board") this.drawMarks(context, width, height);
      },
    };
    if (!this.stage) {
      this.stage = new Stage(marked);
      this.mount.replaceChildren(this.stage.element);
    }
    this.stage.scene = marked;
    this.stage.draw(position);
    this.stage.describe(replay.frames - 1);
  }

  /** The view never shrinks: a body that comes down must not make the ground jump. */
  keepBounds(replay) {
    if (replay.bounds === "follow") return;
    const [left, bottom, right, top] = replay.bounds;
    const seen = this.bounds ?? replay.bounds;
    this.bounds = [Math.min(left, seen[0]), Math.min(bottom, seen[1]), Math.max(right, seen[2]), Math.max(top, seen[3])];
    replay.bounds = this.bounds;
  }

  /** Show a board and what moved on it: the board before, one change, and a clock. */
  glide(before, now) {
    const changes = changesOf(before.cells, now.cells);
    const both = { ...now, frames: 2, turns: 1, cells: before.cells, changes: [changes] };
    this.draw(both, this.calm ? 1 : 0);
    if (this.calm || !changes.length) {
      this.stage.draw(1);
      return;
    }
    const began = performance.now();
    const { scene } = this;
    const tick = () => {
      if (this.scene !== scene) return;
      const share = Math.min(1, (performance.now() - began) / GLIDE);
      this.stage.draw(share);
      if (share < 1) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  /** Show the same bodies in other places: x, y and angle of each, in thousandths. */
  move(places) {
    const bodies = this.replay?.bodies;
    if (!bodies || places.length !== bodies.length * 3 || this.due) return;
    this.due = requestAnimationFrame(() => {
      this.due = 0;
      bodies.forEach((body, index) => {
        [body.x[0], body.y[0], body.angle[0]] = places.slice(index * 3, index * 3 + 3).map((number) => number / 1000);
      });
      this.stage.draw(0);
    });
  }

  /** The cell of the board at a point of the page, or -1. */
  cellAt(x, y) {
    const box = this.stage?.canvas.getBoundingClientRect();
    if (!box || this.replay.scene !== "board") return -1;
    const { size, left, top, rows, columns } = this.layout(box.width, box.height);
    const column = Math.floor((x - box.left - left) / size);
    const row = Math.floor((y - box.top - top) / size);
    return row >= 0 && row < rows && column >= 0 && column < columns ? row * columns + column : -1;
  }

  layout(width, height) {
    const { rows, columns } = this.replay;
    const margin = 2 * this.scene.margin;
    const size = Math.min(width / (columns + margin), height / (rows + margin));
    return { rows, columns, size, left: (width - size * columns) / 2, top: (height - size * rows) / 2 };
  }

  /** Mark cells over the drawing: where the keyboard is, what was chosen, where it may go. */
  mark(cursor, chosen, targets) {
    this.marks = [cursor, chosen, targets];
    this.stage?.draw(this.stage.position);
  }

  drawMarks(context, width, height) {
    const [cursor, chosen, targets] = this.marks;
    const { size, left, top, columns } = this.layout(width, height);
    const place = (cell) => [left + (cell % columns) * size, top + Math.floor(cell / columns) * size];
    context.strokeStyle = this.colour("var(--accent)");
    context.fillStyle = this.colour("var(--accent)");
    for (const cell of targets) {
      const [x, y] = place(cell);
      context.beginPath();
      context.arc(x + size / 2, y + size / 2, size * 0.13, 0, 2 * Math.PI);
      context.fill();
    }
    for (const [cell, line] of [[chosen, 0.08], [cursor, 0.05]]) {
      if (cell < 0) continue;
      const [x, y] = place(cell);
      context.lineWidth = Math.max(2, size * line);
      context.strokeRect(x + context.lineWidth / 2, y + context.lineWidth / 2, size - context.lineWidth, size - context.lineWidth);
    }
  }
}
