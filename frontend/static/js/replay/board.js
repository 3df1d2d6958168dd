// Draws boards of cells: the state at every frame, and the change between two frames.

import { word } from "../language/words.js";
import { chess, connectFour, go, grid, ticTacToe } from "./styles.js";

const STYLES = { connect_four: connectFour, tictactoe: ticTacToe, chess, go, grid };
const LINES = { connect_four: 4, tictactoe: 3 };
const WAYS = [[0, 1], [1, 0], [1, 1], [1, -1]];

export class Board {
  constructor(replay, colour) {
    this.replay = replay;
    this.style = STYLES[replay.style] ?? grid;
    this.look = { colour, rows: replay.rows, columns: replay.columns, seats: replay.seats };
    this.margin = this.style.margin ?? 0.25;
    this.aspect = (replay.columns + 2 * this.margin) / (replay.rows + 2 * this.margin);
    this.rewind();
  }

  rewind() {
    this.frame = 0;
    this.cells = [...this.replay.cells];
  }

  /** Return the cells at `frame`; the array is reused. */
  cellsAt(frame) {
    if (frame < this.frame) this.rewind();
    while (this.frame < frame) {
      for (const [index, glyph] of this.replay.changes[this.frame]) this.cells[index] = glyph;
      this.frame += 1;
    }
    return this.cells;
  }

  draw(context, width, height, position) {
    const { rows, columns } = this.look;
    const size = Math.min(width / (columns + 2 * this.margin), height / (rows + 2 * this.margin));
    context.save();
    context.translate((width - size * columns) / 2, (height - size * rows) / 2);
    const frame = Math.floor(position);
    const share = position - frame;
    const cells = this.cellsAt(frame);
    const coming = share > 0 ? this.replay.changes[frame] ?? [] : [];
    const last = coming.length ? [] : this.replay.changes[frame - 1] ?? [];
    const line = coming.length ? [] : this.winningLine(cells);
    this.style.draw(context, { ...this.look, size, cells, coming, share, last: last.map(([index]) => index), line });
    context.restore();
  }

  winningLine(cells) {
    const wanted = LINES[this.replay.style];
    if (!wanted) return [];
    const { rows, columns } = this.look;
    for (let index = 0; index < cells.length; index += 1) {
      for (const [down, right] of cells[index] ? WAYS : []) {
        const found = [index];
        let row = Math.floor(index / columns) + down;
        let column = (index % columns) + right;
        while (row >= 0 && row < rows && column >= 0 && column < columns && cells[row * columns + column] === cells[index]) {
          found.push(row * columns + column);
          row += down;
          column += right;
        }
        if (found.length >= wanted) return found;
      }
    }
    return [];
  }

  describe(frame) {
    const { rows, columns } = this.look;
    const cells = this.cellsAt(frame);
    const lines = [];
    for (let row = 0; row < rows; row += 1) {
      const glyphs = cells.slice(row * columns, (row + 1) * columns).map((glyph) => glyph || "empty");
      lines.push(word("Row {row}: {cells}", { row: row + 1, cells: glyphs.join(", ") }));
    }
    return `${word("Board after step {step}.", { step: frame })} ${lines.join(". ")}.`;
  }
}
