// The forms a look of a grid may have, as paths in a square of 1, looking up; and how a look is drawn.

const round = (radius) => {
  const path = new Path2D();
  path.arc(0.5, 0.5, radius, 0, 2 * Math.PI);
  return path;
};

const PATHS = {
  square: new Path2D("M0 0H1V1H0z"),
  tile: new Path2D("M.12 .04H.88Q.96 .04 .96 .12V.88Q.96 .96 .88 .96H.12Q.04 .96 .04 .88V.12Q.04 .04 .12 .04z"),
  circle: round(0.38),
  dot: round(0.18),
  ring: round(0.33),
  diamond: new Path2D("M.5 .1 .9 .5 .5 .9 .1 .5z"),
  arrow: new Path2D("M.5 .06Q.86 .42 .86 .6A.36 .34 0 0 1 .14 .6Q.14 .42 .5 .06z"),
  cross: new Path2D("M.2 .1 .5 .4 .8 .1 .9 .2 .6 .5 .9 .8 .8 .9 .5 .6 .2 .9 .1 .8 .4 .5 .1 .2z"),
  star: new Path2D("M.5 .06 .62 .38 .95 .39 .69 .6 .78 .93 .5 .74 .22 .93 .31 .6 .05 .39 .38 .38z"),
  person: new Path2D("M.5 .1A.16 .16 0 0 1 .5 .42A.16 .16 0 0 1 .5 .1zM.5 .46Q.8 .46 .8 .78V.92H.2V.78Q.2 .46 .5 .46z"),
  car: new Path2D("M.3 .1Q.5 .02 .7 .1L.76 .3V.86Q.76 .94 .68 .94H.32Q.24 .94 .24 .86V.3zM.32 .34H.68L.64 .2H.36zM.33 .84H.67V.74H.33z"),
  house: new Path2D("M.5 .1 .94 .48H.84V.9H.58V.64H.42V.9H.16V.48H.06z"),
  flag: new Path2D("M.24 .08H.32V.12H.84L.7 .3 .84 .48H.32V.94H.24z"),
  tree: new Path2D("M.5 .04 .82 .42H.7L.9 .72H.56V.96H.44V.72H.1L.3 .42H.18z"),
  wave: new Path2D("M0 .34Q.25 .2 .5 .34T1 .34V.46Q.75 .6 .5 .46T0 .46zM0 .66Q.25 .52 .5 .66T1 .66V.78Q.75 .92 .5 .78T0 .78z"),
};

const TURNING = new Set(["arrow", "car", "diamond", "cross"]);
const NAMED = /^#[0-9a-f]{6}$/i;

/** Dark or light, whichever is read better on `fill`, an #rrggbb colour. */
function inkOn(fill) {
  if (!NAMED.test(fill)) return "#fff";
  const [red, green, blue] = [1, 3, 5].map((start) => parseInt(fill.slice(start, start + 2), 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 > 150 ? "#1f1a22" : "#fff";
}

/**
 * Draw `look` into the square of `size` at x, y.
 * `paint` resolves a look's colour: "seat" to that of the piece's seat. `turn` is in quarter turns clockwise.
 */
export function drawLook(context, look, { x, y, size, turn = 0, paint }) {
  const path = Object.hasOwn(PATHS, look.form ?? "square") ? PATHS[look.form ?? "square"] : PATHS.tile;
  const fill = paint(look.fill);
  context.save();
  context.translate(x, y);
  context.scale(size, size);
  if (turn && TURNING.has(look.form)) {
    context.translate(0.5, 0.5);
    context.rotate((turn * Math.PI) / 2);
    context.translate(-0.5, -0.5);
  }
  if (fill) {
    context.fillStyle = fill;
    context.fill(path, "evenodd");
  }
  const stroke = paint(look.stroke);
  if (stroke) {
    context.lineWidth = look.form === "ring" ? 0.12 : Math.max(0.04, 1 / size);
    context.strokeStyle = stroke;
    context.stroke(path);
  }
  context.restore();
  if (look.letter) drawLetter(context, look, { x, y, size, ink: paint(look.ink) || inkOn(look.fill ?? "") });
}

function drawLetter(context, look, { x, y, size, ink }) {
  context.fillStyle = ink;
  context.font = `700 ${(size * 0.56) / Math.max(1, look.letter.length * 0.6)}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(look.letter, x + size / 2, y + size * 0.53);
}
