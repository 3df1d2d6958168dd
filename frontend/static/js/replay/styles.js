// How each kind of board looks. Every style draws in cells of `size` pixels from the top left corner of the board.

import { drawPiece } from "./pieces.js";
import { seatColour as colourOf } from "./seats.js";

const place = (index, columns) => [index % columns, Math.floor(index / columns)];
const easeIn = (share) => share * share;
const easeOut = (share) => 1 - (1 - share) ** 3;

function circle(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function disc(context, colour, x, y, radius, seat) {
  context.fillStyle = colour;
  circle(context, x, y, radius);
  context.fill();
  // A ring for seat 0 and a dot for seat 1: told apart without colour.
  context.strokeStyle = "#0000004d";
  context.fillStyle = "#0000004d";
  context.lineWidth = radius * 0.11;
  circle(context, x, y, radius * (seat === 0 ? 0.62 : 0.24));
  if (seat === 0) context.stroke();
  else context.fill();
}

const seatColour = (look, glyph) => look.colour(colourOf(Number(glyph)));

export const connectFour = {
  margin: 0.3,
  draw(context, look) {
    const { rows, columns, size, cells, coming, share, last, line } = look;
    const radius = size * 0.41;
    const drop = (index, glyph, lift) => {
      const [column, row] = place(index, columns);
      disc(context, seatColour(look, glyph), (column + 0.5) * size, (row + 0.5 - lift) * size, radius + 1, Number(glyph));
    };
    cells.forEach((glyph, index) => { if (glyph) drop(index, glyph, 0); });
    for (const [index, glyph] of coming) {
      const height = Math.floor(index / columns) + 1.2;
      if (glyph) drop(index, glyph, height * (1 - easeIn(share)));
    }
    context.fillStyle = look.colour("light-dark(#3d3a86, #35316f)");
    context.beginPath();
    context.roundRect(-size * 0.16, -size * 0.16, (columns + 0.32) * size, (rows + 0.32) * size, size * 0.22);
    for (let index = 0; index < rows * columns; index += 1) {
      const [column, row] = place(index, columns);
      context.moveTo((column + 0.5) * size + radius, (row + 0.5) * size);
      context.arc((column + 0.5) * size, (row + 0.5) * size, radius, 0, 2 * Math.PI);
    }
    context.fill("evenodd");
    context.lineWidth = size * 0.07;
    for (const index of line.length ? line : last) {
      const [column, row] = place(index, columns);
      context.strokeStyle = "#fff";
      circle(context, (column + 0.5) * size, (row + 0.5) * size, radius);
      context.stroke();
    }
  },
};

function cross(context, x, y, reach, share) {
  const first = Math.min(1, share * 2);
  const second = Math.max(0, share * 2 - 1);
  context.beginPath();
  context.moveTo(x - reach, y - reach);
  context.lineTo(x - reach + 2 * reach * first, y - reach + 2 * reach * first);
  if (second > 0) {
    context.moveTo(x + reach, y - reach);
    context.lineTo(x + reach - 2 * reach * second, y - reach + 2 * reach * second);
  }
  context.stroke();
}

export const ticTacToe = {
  margin: 0.2,
  draw(context, look) {
    const { rows, columns, size, cells, coming, share, line } = look;
    context.lineCap = "round";
    context.strokeStyle = look.colour("var(--edge)");
    context.lineWidth = size * 0.03;
    context.beginPath();
    for (let index = 1; index < columns; index += 1) { context.moveTo(index * size, 0); context.lineTo(index * size, rows * size); }
    for (let index = 1; index < rows; index += 1) { context.moveTo(0, index * size); context.lineTo(columns * size, index * size); }
    context.stroke();
    context.fillStyle = look.colour("var(--wash)");
    for (const index of line) {
      const [column, row] = place(index, columns);
      context.beginPath();
      context.roundRect((column + 0.06) * size, (row + 0.06) * size, size * 0.88, size * 0.88, size * 0.1);
      context.fill();
    }
    const mark = (index, glyph, drawn) => {
      const [column, row] = place(index, columns);
      context.strokeStyle = seatColour(look, glyph);
      context.lineWidth = size * 0.11;
      if (glyph === "0") { cross(context, (column + 0.5) * size, (row + 0.5) * size, size * 0.25, drawn); return; }
      context.beginPath();
      context.arc((column + 0.5) * size, (row + 0.5) * size, size * 0.27, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * drawn);
      context.stroke();
    };
    cells.forEach((glyph, index) => { if (glyph) mark(index, glyph, 1); });
    for (const [index, glyph] of coming) if (glyph) mark(index, glyph, share);
  },
};

/** Pair every cell that fills with the cell its piece left, so that it can glide: [from, to, glyph]. */
function glides(cells, coming) {
  const left = coming.filter(([, glyph]) => !glyph).map(([index]) => index);
  const sameSide = (one, other) => one && (one === one.toLowerCase()) === (other === other.toLowerCase());
  return coming.filter(([, glyph]) => glyph).map(([to, glyph]) => {
    // A promoted piece has another letter than the pawn that left; its side is the same.
    const from = left.find((index) => cells[index] === glyph) ?? left.find((index) => sameSide(cells[index], glyph)) ?? to;
    return [from, to, glyph];
  });
}

export const chess = {
  margin: 0.32,
  draw(context, look) {
    const { rows, columns, size, cells, coming, share, last } = look;
    context.font = `600 ${Math.max(9, size * 0.2)}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let index = 0; index < rows * columns; index += 1) {
      const [column, row] = place(index, columns);
      context.fillStyle = (column + row) % 2 ? "#a98aa6" : "#efe5ea";
      context.fillRect(column * size, row * size, size + 0.5, size + 0.5);
      const lit = last.includes(index) || coming.some(([cell]) => cell === index);
      if (lit) {
        context.fillStyle = "#e9b92a8c";
        context.fillRect(column * size, row * size, size, size);
      }
    }
    context.fillStyle = look.colour("var(--soft)");
    for (let column = 0; column < columns; column += 1) context.fillText(String.fromCharCode(97 + column), (column + 0.5) * size, (rows + 0.16) * size);
    for (let row = 0; row < rows; row += 1) context.fillText(String(rows - row), -0.16 * size, (row + 0.5) * size);
    const moving = glides(cells, coming);
    const away = new Set(moving.map(([from]) => from));
    cells.forEach((glyph, index) => {
      const [column, row] = place(index, columns);
      if (glyph && !away.has(index)) drawPiece(context, glyph, column * size, row * size, size);
    });
    for (const [from, to, glyph] of moving) {
      const [x, y] = place(from, columns);
      const [toX, toY] = place(to, columns);
      const gone = easeOut(share);
      drawPiece(context, share > 0.9 ? glyph : cells[from] || glyph, (x + (toX - x) * gone) * size, (y + (toY - y) * gone) * size, size);
    }
  },
};

/** Stones on the crossings of lines; a stone that is taken fades, the last one put down has a mark. */
export const go = {
  margin: 0.32,
  draw(context, look) {
    const { rows, columns, size, cells, coming, share, last } = look;
    context.fillStyle = "#dcb56c";
    context.beginPath();
    context.roundRect(0, 0, columns * size, rows * size, size * 0.12);
    context.fill();
    context.fillStyle = look.colour("var(--soft)");
    context.font = `600 ${Math.max(9, size * 0.22)}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let column = 0; column < columns; column += 1) context.fillText("ABCDEFGHJKLMNOPQRST"[column], (column + 0.5) * size, (rows + 0.17) * size);
    for (let row = 0; row < rows; row += 1) context.fillText(String(rows - row), -0.17 * size, (row + 0.5) * size);
    context.strokeStyle = "#5b4522";
    context.lineWidth = Math.max(1, size * 0.03);
    context.beginPath();
    for (let row = 0; row < rows; row += 1) {
      context.moveTo(0.5 * size, (row + 0.5) * size);
      context.lineTo((columns - 0.5) * size, (row + 0.5) * size);
    }
    for (let column = 0; column < columns; column += 1) {
      context.moveTo((column + 0.5) * size, 0.5 * size);
      context.lineTo((column + 0.5) * size, (rows - 0.5) * size);
    }
    context.stroke();
    const stone = (index, glyph, strength) => {
      const [column, row] = place(index, columns);
      context.globalAlpha = strength;
      context.fillStyle = glyph === "0" ? "#1f1d1b" : "#fbf9f4";
      context.strokeStyle = "#1f1d1b";
      circle(context, (column + 0.5) * size, (row + 0.5) * size, size * 0.45);
      context.fill();
      context.stroke();
      context.globalAlpha = 1;
    };
    const next = new Map(coming);
    cells.forEach((glyph, index) => { if (glyph) stone(index, glyph, next.get(index) === "" ? 1 - share : 1); });
    for (const [index, glyph] of coming) if (glyph) stone(index, glyph, share);
    for (const index of last) {
      const [column, row] = place(index, columns);
      if (!cells[index]) continue;
      context.fillStyle = cells[index] === "0" ? "#fbf9f4" : "#1f1d1b";
      circle(context, (column + 0.5) * size, (row + 0.5) * size, size * 0.14);
      context.fill();
    }
  },
};

export const grid = {
  margin: 0.15,
  draw(context, look) {
    const { rows, columns, size, seats, cells, coming, share, last } = look;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const shown = [...cells];
    if (share > 0.5) for (const [index, glyph] of coming) shown[index] = glyph;
    for (let index = 0; index < rows * columns; index += 1) {
      const [column, row] = place(index, columns);
      context.fillStyle = look.colour(last.includes(index) ? "var(--wash)" : "var(--card)");
      context.beginPath();
      context.roundRect((column + 0.03) * size, (row + 0.03) * size, size * 0.94, size * 0.94, size * 0.1);
      context.fill();
      const glyph = shown[index];
      if (!glyph) continue;
      const isSeat = /^\d$/.test(glyph) && Number(glyph) < seats;
      if (isSeat) {
        context.fillStyle = seatColour(look, glyph);
        circle(context, (column + 0.5) * size, (row + 0.5) * size, size * 0.36);
        context.fill();
      }
      context.fillStyle = isSeat ? "#fff" : look.colour("var(--ink)");
      context.font = `600 ${(size * 0.5) / Math.max(1, glyph.length * 0.62)}px system-ui, sans-serif`;
      context.fillText(glyph, (column + 0.5) * size, (row + 0.53) * size);
    }
  },
};
