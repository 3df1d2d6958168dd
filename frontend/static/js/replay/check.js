// Looks through a trajectory before anything is drawn: a file may come from anywhere.

import { word } from "../language/words.js";
import { broken, ReplayError } from "./tracks.js";

export const FORMAT = 1;
const MOST_FRAMES = 200_000;
const MOST_SEATS = 1000;
const MOST_CELLS = 65_536;
const MOST_NUMBERS = 40_000_000;

const isCount = (value, most) => Number.isInteger(value) && value >= 0 && value <= most;
const isText = (value, longest = 4000) => typeof value === "string" && value.length <= longest;
const isShort = (value) => value === undefined || isText(value, 200);
const isSeat = (value, seats) => value === null || value === undefined || isCount(value, seats - 1);

function need(fits, words) {
  if (!fits) throw broken(words);
}

function listOf(value, length, fits, words) {
  need(Array.isArray(value) && (length < 0 || value.length === length) && value.every(fits), words);
}

function checkHeader(raw) {
  need(isCount(raw.turns, MOST_FRAMES) && isCount(raw.seats, MOST_SEATS) && raw.seats > 0, "its header does not fit its contents");
  const fits = Array.isArray(raw.actors) && raw.actors.length === raw.turns && Array.isArray(raw.rewards) && raw.rewards.length === raw.seats;
  need(fits, "its header does not fit its contents");
  need(raw.actors.every((actor) => actor === -1 || isCount(actor, raw.seats - 1)), "it names a seat that is not there");
  if (raw.labels !== undefined) listOf(raw.labels, raw.turns + 1, (label) => isText(label), "its labels do not fit its turns");
  if (raw.colours !== undefined) listOf(raw.colours, raw.seats, (colour) => isText(colour, 40), "its seats' colours do not fit its seats");
  if (raw.thought !== undefined) {
    const isLevels = (levels) => Array.isArray(levels) && levels.length <= raw.turns && levels.every((level) => isCount(level, 200));
    listOf(raw.thought, raw.seats, isLevels, "its times of thought do not fit its turns");
  }
}

function checkSpan(body, raw) {
  need(body && typeof body === "object" && isSeat(body.seat, raw.seats), "a body belongs to a seat that is not there");
  const from = body.from ?? 0;
  const to = body.to ?? raw.turns;
  need(isCount(from, raw.turns) && isCount(to, raw.turns) && from <= to, "a body comes or goes at no frame");
  return to - from + 1;
}

const isPoint = (point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);

function isShape(shape) {
  if (shape?.kind === "circle") return [shape.x, shape.y, shape.r].every(Number.isFinite) && shape.r >= 0;
  return ["polygon", "line"].includes(shape?.kind) && Array.isArray(shape.points) && shape.points.every(isPoint);
}

function checkShapes(raw) {
  if (raw.bounds !== "follow") {
    listOf(raw.bounds, 4, Number.isFinite, "its bounds are no rectangle");
    const [left, bottom, right, top] = raw.bounds;
    need(left < right && bottom < top, "its bounds are no rectangle");
  }
  if (raw.static !== undefined) listOf(raw.static, -1, isShape, "something that stands still has no shape");
  listOf(raw.bodies, -1, (body) => Array.isArray(body?.shapes) && body.shapes.every(isShape), "a body has no shape");
  const numbers = raw.bodies.reduce((sum, body) => sum + 3 * checkSpan(body, raw), 0);
  need(numbers <= MOST_NUMBERS, "it has more bodies and frames than a page can hold");
}

function checkSize(raw) {
  need(isCount(raw.rows, MOST_CELLS) && isCount(raw.columns, MOST_CELLS) && raw.rows > 0 && raw.columns > 0, "its board has no size");
  need(raw.rows * raw.columns <= MOST_CELLS, "its board is larger than a page can show");
}

function checkBoard(raw) {
  checkSize(raw);
  const cells = raw.rows * raw.columns;
  listOf(raw.cells, cells, (glyph) => isText(glyph, 8), "its cells do not fill the board");
  const isChange = (change) => Array.isArray(change) && isCount(change[0], cells - 1) && isText(change[1], 8);
  listOf(raw.changes, raw.turns, (turn) => Array.isArray(turn) && turn.every(isChange), "a turn changes a cell that is not there");
}

function isLook(look) {
  return look !== null && typeof look === "object" && [look.form, look.fill, look.stroke, look.letter, look.ink].every(isShort);
}

function checkGrid(raw) {
  checkSize(raw);
  const cells = raw.rows * raw.columns;
  listOf(raw.palette, -1, isLook, "its palette holds something that is no look");
  const last = raw.palette.length - 1;
  need(last >= 0, "its palette is empty");
  listOf(raw.cells, cells, (look) => isCount(look, last), "its cells do not fill the grid");
  const isTurn = (turn) => Array.isArray(turn) && turn.length % 2 === 0 && turn.every((number, index) => isCount(number, index % 2 ? last : cells - 1));
  listOf(raw.changes, raw.turns, isTurn, "a turn changes a cell that is not there");
  const isFlash = (flash) => Array.isArray(flash) && flash.length % 5 === 1 && isCount(flash[0], raw.turns)
    && flash.every((number, index) => Number.isInteger(number) && (index % 5 !== 1 || isCount(number, last)));
  if (raw.flashes !== undefined) listOf(raw.flashes, -1, isFlash, "something lights up outside the grid");
  if (raw.pieces !== undefined) listOf(raw.pieces, -1, (piece) => piece !== null && typeof piece === "object", "a piece is nothing");
  const numbers = (raw.pieces ?? []).reduce((sum, piece) => sum + 4 * checkSpan(piece, raw), 0);
  need(numbers <= MOST_NUMBERS, "it has more pieces and frames than a page can hold");
}

function checkPanel(raw) {
  const isPanel = (panel) => isText(panel?.title) && Array.isArray(panel.lines) && panel.lines.every((line) => isText(line)) && isSeat(panel.seat, raw.seats);
  const isFrame = (frame) => frame === null || (Array.isArray(frame) && frame.every(isPanel));
  listOf(raw.panels, raw.turns + 1, isFrame, "its panels do not fit its turns");
}

function checkText(raw) {
  listOf(raw.texts, raw.turns + 1, (text) => text === null || isText(text, 100_000), "its texts do not fit its turns");
}

const SCENES = { shapes2d: checkShapes, board: checkBoard, grid: checkGrid, panel: checkPanel, text: checkText, frames: () => {} };

/** Throw a ReplayError that says what is wrong with `raw`; return nothing where it can be shown. */
export function check(raw) {
  if (raw?.format !== FORMAT) {
    const found = ["number", "string"].includes(typeof raw?.format) ? raw.format : "unknown";
    throw new ReplayError(word("This replay is written in format {found}; this page reads format {read}. Reload the page to get the newest player.", { found, read: FORMAT }));
  }
  if (!Object.hasOwn(SCENES, raw.scene)) throw new ReplayError(word("This page cannot draw a scene of kind {kind}. Reload the page to get the newest player.", { kind: `"${String(raw.scene).slice(0, 40)}"` }));
  checkHeader(raw);
  SCENES[raw.scene](raw);
}
