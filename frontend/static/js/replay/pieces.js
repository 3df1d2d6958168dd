// Chess pieces as paths in a square of 100: own drawings, so no font decides how they look.

const BASE = "M22 88h56v-5q0-6-6-6H28q-6 0-6 6z";

const PATHS = {
  p: "M50 22a13.5 13.5 0 0 1 8.5 24H63v6h-5.5q1 15 9.5 25H33q8.5-10 9.5-25H37v-6h4.5A13.5 13.5 0 0 1 50 22z",
  r: "M27 18h11v8h7v-8h10v8h7v-8h11v20l-8 7 3 32H32l3-32-8-7z",
  n: "M42 16l5 8q26 2 28 32 .5 12-3 21H34q-2-13 13-26-7 2-11 6-5 7-10 7l-6-7q0-5 3-9l11-18z",
  b: "M50 10a6 6 0 0 1 4 10.5q14 10 14 24 0 8-7 13H63v6h-4q1 7 6 13.5H35q5-6.5 6-13.5h-4v-6h2q-7-5-7-13 0-14 14-24A6 6 0 0 1 50 10z",
  q: "M50 14a5.5 5.5 0 0 1 2.5 10.4L60 46l11-19.5a5 5 0 1 1 5 1L68 60h-3l3 17H32l3-17h-3l-8-32.5a5 5 0 1 1 5-1L40 46l7.5-21.6A5.5 5.5 0 0 1 50 14z",
  k: "M46 8h8v7h7v8h-7v8q5-5 12-5 13 0 13 14 0 9-11 22v15H32V62Q21 49 21 40q0-14 13-14 7 0 12 5v-8h-7v-8h7z",
};

const DETAILS = {
  p: "",
  r: "M35 45h30M33 70h34",
  n: "M46 36v.5",
  b: "M50 32v14M43 39h14M37 64h26",
  q: "M33 61h34",
  k: "M34 62h32M50 34v24",
};

const outlines = {};
const details = {};
for (const kind of Object.keys(PATHS)) {
  outlines[kind] = new Path2D(`${PATHS[kind]} ${BASE}`);
  details[kind] = new Path2D(DETAILS[kind]);
}

/** Draw the FEN letter `glyph` into the square at x, y. Capitals are white. */
export function drawPiece(context, glyph, x, y, size) {
  const kind = glyph.toLowerCase();
  if (!outlines[kind]) return;
  const white = glyph !== kind;
  context.save();
  context.translate(x, y);
  context.scale(size / 100, size / 100);
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.lineCap = "round";
  context.fillStyle = white ? "#fffaf0" : "#3a3140";
  context.strokeStyle = white ? "#3a3140" : "#1d1722";
  context.stroke(outlines[kind]);
  context.fill(outlines[kind]);
  context.lineWidth = kind === "n" ? 6 : 3;
  context.strokeStyle = white ? "#3a3140" : "#e9dfe9";
  context.stroke(details[kind]);
  context.restore();
}
