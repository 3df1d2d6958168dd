// The legal moves of a person: buttons for all of them, cells of the board, and a cursor for the keyboard.

import { word } from "../language/words.js";
import { make } from "../replay/dom.js";

const SHOWN_AT_ONCE = 12;
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export class Moves {
  /** `choose(action)` is called with the move; `tell(text)` speaks. */
  constructor(root, picture, choose, tell) {
    Object.assign(this, { root, picture, choose, tell });
    this.element = root.querySelector("[data-play-moves]");
    this.list = [];
    this.cursor = -1;
    this.chosen = -1;
    this.hasFocus = false;
    picture.mount.addEventListener("click", (event) => this.press(picture.cellAt(event.clientX, event.clientY)));
    picture.mount.addEventListener("keydown", (event) => this.onKey(event));
    picture.mount.addEventListener("focusin", () => { this.hasFocus = true; this.mark(); });
    picture.mount.addEventListener("focusout", () => { this.hasFocus = false; this.mark(); });
  }

  /** Offer moves: [action, label, cells, start] each. */
  offer(moves) {
    this.list = moves.map(([action, label, at, start]) => ({ action, label, at, start }));
    this.chosen = -1;
    this.root.toggleAttribute("data-asked", true);
    this.readyCanvas();
    this.showButtons(this.list);
    this.mark();
  }

  close() {
    this.list = [];
    this.chosen = -1;
    this.root.removeAttribute("data-asked");
    const had = this.element.contains(document.activeElement);
    this.element.replaceChildren();
    // The buttons go while the agents think; the focus must not fall to the top of the page.
    if (had) this.root.querySelector("[data-play-stage] canvas, [data-play-now]")?.focus({ preventScroll: true });
    this.mark();
  }

  readyCanvas() {
    const canvas = this.picture.stage?.canvas;
    if (!canvas || !this.list.some((move) => move.at.length)) return;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-roledescription", word("board: arrow keys and Enter"));
  }

  showButtons(moves) {
    const buttons = moves.map((move) => {
      const button = make("button", { type: "button", class: "button small" }, move.label);
      button.addEventListener("click", () => this.take(move));
      return button;
    });
    if (buttons.length <= SHOWN_AT_ONCE) {
      this.element.replaceChildren(...buttons);
      return;
    }
    // A pass, or whatever else has no place on the board, stands beside the list.
    const placeless = buttons.filter((_, index) => !moves[index].at.length);
    const placed = buttons.filter((_, index) => moves[index].at.length);
    const list = make("details", {}, make("summary", {}, word("All {count} moves as a list", { count: moves.length })), make("div", {}, ...placed));
    if (!placed.length) this.element.replaceChildren(...placeless);
    else this.element.replaceChildren(...placeless, list);
  }

  take(move) {
    const { action } = move;
    this.close();
    this.choose(action);
  }

  /** A cell was pressed: the first of a move that has two, or the move itself. */
  press(cell) {
    if (cell < 0 || !this.list.length) return;
    this.cursor = cell;
    const here = this.list.filter((move) => move.at.includes(cell) && (move.start < 0 || move.start === this.chosen));
    if (here.length === 1) {
      this.take(here[0]);
      return;
    }
    if (here.length > 1) {
      this.tell(word("Choose what it becomes."));
      this.showButtons(here);
      this.element.querySelector("button")?.focus();
      return;
    }
    const starts = this.list.some((move) => move.start === cell);
    if (!starts && this.chosen < 0) this.tell(word("There is no legal move here."));
    this.chosen = starts && cell !== this.chosen ? cell : -1;
    this.showButtons(this.chosen < 0 ? this.list : this.list.filter((move) => move.start === this.chosen));
    this.mark();
  }

  onKey(event) {
    const { rows, columns, scene } = this.picture.replay ?? {};
    if (scene !== "board" || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = STEPS[event.key];
    if (step) {
      const row = this.cursor < 0 ? 0 : Math.floor(this.cursor / columns) + step[0];
      const column = this.cursor < 0 ? 0 : (this.cursor % columns) + step[1];
      if (row >= 0 && row < rows && column >= 0 && column < columns) this.cursor = row * columns + column;
      this.tell(this.describe(this.cursor), true);
    } else if (event.key === "Enter" || event.key === " ") {
      this.press(this.cursor);
    } else if (event.key === "Escape") {
      this.chosen = -1;
      if (this.list.length) this.showButtons(this.list);
    } else {
      return;
    }
    event.preventDefault();
    this.mark();
  }

  describe(cell) {
    const { rows, columns, cells, style } = this.picture.replay;
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    const name = style === "chess" || style === "go" ? `${"ABCDEFGHJKLMNOPQRST"[column + (style === "chess" && column === 8 ? 1 : 0)]}${rows - row}` : word("Row {row}, column {column}", { row: row + 1, column: column + 1 });
    const can = this.list.some((move) => move.at.includes(cell) || move.start === cell);
    const state = `${name}: ${cells[cell] || word("empty")}`;
    return can ? word("{square}, a move", { square: state }) : state;
  }

  mark() {
    const { picture } = this;
    if (!picture.stage || picture.replay?.scene !== "board") return;
    const targets = this.chosen < 0 ? [] : this.list.filter((move) => move.start === this.chosen).flatMap((move) => move.at);
    picture.mark(this.hasFocus ? this.cursor : -1, this.chosen, targets);
  }
}
