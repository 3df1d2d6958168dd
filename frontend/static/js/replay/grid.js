// Draws worlds of square cells: what lies in them, what moves over them, what lights up for one frame.

import { word } from "../language/words.js";
import { drawLook } from "./looks.js";
import { seatColour } from "./seats.js";
import { blend } from "./tracks.js";

const FARTHEST_GLIDE = 1.5;
const MOST_NAMED = 6;
const FLASH_STRENGTH = 0.55;

export class Grid {
  constructor(replay, colour, names) {
    Object.assign(this, { replay, colour, names });
    this.aspect = Math.min(2.4, Math.max(0.6, replay.columns / replay.rows));
    this.flashes = new Map((replay.flashes ?? []).map(([frame, ...numbers]) => [frame, numbers]));
    this.hasGround = replay.cells.some((look) => replay.palette[look].fill);
    this.rewind();
  }

  rewind() {
    this.frame = 0;
    this.cells = Uint16Array.from(this.replay.cells);
  }

  cellsAt(frame) {
    if (frame < this.frame) this.rewind();
    for (; this.frame < frame; this.frame += 1) {
      const change = this.replay.changes[this.frame];
      for (let index = 0; index < change.length; index += 2) this.cells[change[index]] = change[index + 1];
    }
    return this.cells;
  }

  paintFor(seat) {
    return (name) => {
      if (name !== "seat") return name ?? "";
      return seat === null ? this.colour("var(--soft)") : this.colour(seatColour(seat));
    };
  }

  draw(context, width, height, position) {
    const { rows, columns, palette } = this.replay;
    const size = Math.min(width / columns, height / rows);
    const frame = Math.floor(position);
    context.save();
    context.translate((width - size * columns) / 2, (height - size * rows) / 2);
    context.fillStyle = this.colour("var(--card)");
    context.fillRect(0, 0, size * columns, size * rows);
    const paint = this.paintFor(null);
    this.cellsAt(frame).forEach((look, index) => {
      // Half a pixel more hides the seams between neighbours.
      const place = { x: (index % columns) * size, y: Math.floor(index / columns) * size, size: size + 0.5, paint };
      drawLook(context, palette[look], place);
    });
    this.drawLines(context, size);
    this.drawFlashes(context, size, frame, position - frame);
    for (const piece of this.replay.pieces) this.drawPiece(context, size, piece, position);
    context.restore();
  }

  drawLines(context, size) {
    if (this.hasGround || size < 7) return;
    const { rows, columns } = this.replay;
    context.strokeStyle = this.colour("var(--line)");
    context.lineWidth = 1;
    context.beginPath();
    for (let row = 0; row <= rows; row += 1) { context.moveTo(0, row * size); context.lineTo(columns * size, row * size); }
    for (let column = 0; column <= columns; column += 1) { context.moveTo(column * size, 0); context.lineTo(column * size, rows * size); }
    context.stroke();
  }

  drawFlashes(context, size, frame, share) {
    const numbers = this.flashes.get(frame) ?? [];
    context.globalAlpha = FLASH_STRENGTH * (1 - share * 0.7);
    for (let index = 0; index < numbers.length; index += 5) {
      const [look, row, column, rows, columns] = numbers.slice(index, index + 5);
      context.fillStyle = this.paintFor(null)(this.replay.palette[look].fill) || "#ffd54a";
      context.fillRect(column * size, row * size, columns * size, rows * size);
    }
    context.globalAlpha = 1;
  }

  placeOf(piece, position) {
    const frame = Math.floor(position);
    if (frame < piece.from || frame > piece.to) return null;
    const index = frame - piece.from;
    const next = Math.min(index + 1, piece.x.length - 1);
    const far = Math.abs(piece.x[next] - piece.x[index]) + Math.abs(piece.y[next] - piece.y[index]);
    const share = far > FARTHEST_GLIDE ? 0 : position - frame;
    const turned = (((piece.turn[next] - piece.turn[index]) % 4) + 6) % 4 - 2;
    return {
      x: blend(piece.x, index, share),
      y: blend(piece.y, index, share),
      turn: piece.turn[index] + turned * (position - frame),
      look: piece.look[index],
    };
  }

  drawPiece(context, size, piece, position) {
    const place = this.placeOf(piece, position);
    const look = place && this.replay.palette[place.look];
    if (!look) return;
    drawLook(context, look, { x: place.x * size, y: place.y * size, size, turn: place.turn, paint: this.paintFor(piece.seat) });
  }

  describe(frame) {
    const seated = this.replay.pieces.filter((piece) => piece.seat !== null).map((piece) => [piece, this.placeOf(piece, frame)]);
    const words = seated.filter(([, place]) => place).slice(0, MOST_NAMED)
      .map(([piece, place]) => word("{who} in row {row}, column {column}", { who: this.names[piece.seat], row: place.y + 1, column: place.x + 1 }));
    const lying = new Map();
    for (const look of this.cellsAt(frame)) {
      const letter = this.replay.palette[look].letter;
      if (letter) lying.set(letter, (lying.get(letter) ?? 0) + 1);
    }
    const counted = [...lying].slice(0, MOST_NAMED).map(([letter, count]) => word("cells with {letter}: {count}", { letter, count }));
    const size = { rows: this.replay.rows, columns: this.replay.columns, step: frame };
    return `${word("Grid of {rows} rows and {columns} columns after step {step}.", size)} ${[...words, ...counted].join("; ")}.`;
  }
}
