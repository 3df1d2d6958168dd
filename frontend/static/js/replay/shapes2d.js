// Draws bodies of polygons, lines and circles: physics worlds and particle worlds.

import { word } from "../language/words.js";
import { seatColour } from "./seats.js";
import { blend } from "./tracks.js";

const FOLLOW_ASPECT = 16 / 9;
const MOST_NAMED = 8;

function reach(shapes) {
  let far = 0;
  for (const shape of shapes) {
    if (shape.kind === "circle") far = Math.max(far, Math.hypot(shape.x, shape.y) + shape.r);
    else for (const [x, y] of shape.points) far = Math.max(far, Math.hypot(x, y));
  }
  return far;
}

function blendAngle(values, index, share) {
  // A jump of more than half a turn is a wrap of the angle, not a spin.
  if (index + 1 < values.length && Math.abs(values[index + 1] - values[index]) > Math.PI) return values[index];
  return blend(values, index, share);
}

export class Shapes2d {
  constructor(replay, colour, names) {
    this.replay = replay;
    this.colour = colour;
    this.names = names;
    this.follows = replay.bounds === "follow";
    this.seated = replay.bodies.filter((body) => body.seat !== null);
    for (const body of replay.bodies) body.reach = reach(body.shapes);
    if (this.follows) this.span = this.widestView();
    this.floor = Math.min(...(replay.static ?? []).flatMap((shape) => (shape.points ?? []).map(([, y]) => y)), Infinity);
    const [left, bottom, right, top] = this.follows ? [0, 0, FOLLOW_ASPECT, 1] : replay.bounds;
    this.aspect = Math.min(2.4, Math.max(0.9, (right - left) / (top - bottom)));
  }

  /** Height of the view that holds every seat at every frame, so the camera never zooms. */
  widestView() {
    let wide = 0;
    let high = 0;
    for (let frame = 0; frame < this.replay.frames; frame += 1) {
      const box = this.boxAt(frame);
      wide = Math.max(wide, box.right - box.left);
      high = Math.max(high, box.top - box.bottom);
    }
    return Math.max(high * 1.9, (wide * 1.25) / FOLLOW_ASPECT);
  }

  boxAt(position) {
    const box = { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity };
    for (const body of this.seated.length ? this.seated : this.replay.bodies) {
      const place = this.placeOf(body, position);
      if (!place) continue;
      box.left = Math.min(box.left, place.x - body.reach);
      box.right = Math.max(box.right, place.x + body.reach);
      box.bottom = Math.min(box.bottom, place.y - body.reach);
      box.top = Math.max(box.top, place.y + body.reach);
    }
    return box.left === Infinity ? { left: 0, right: 1, bottom: 0, top: 1 } : box;
  }

  placeOf(body, position) {
    const frame = Math.floor(position);
    if (frame < body.from || frame > body.to) return null;
    const index = frame - body.from;
    const share = position - frame;
    return { x: blend(body.x, index, share), y: blend(body.y, index, share), angle: blendAngle(body.angle, index, share) };
  }

  view(width, height, position) {
    if (!this.follows) {
      const [left, bottom, right, top] = this.replay.bounds;
      const scale = Math.min(width / (right - left), height / (top - bottom));
      return { scale, x: (left + right) / 2, y: (bottom + top) / 2 };
    }
    const box = this.boxAt(position);
    const middle = (box.bottom + box.top) / 2;
    // Nothing is drawn under the ground, so the view does not go there.
    const y = this.floor === Infinity ? middle : Math.max(middle, this.floor + this.span / 2);
    return { scale: height / this.span, x: (box.left + box.right) / 2, y };
  }

  draw(context, width, height, position) {
    const { scale, x, y } = this.view(width, height, position);
    if (this.floor < Infinity) this.drawSky(context, width, height);
    context.save();
    context.translate(width / 2, height / 2);
    context.scale(scale, -scale);
    context.translate(-x, -y);
    context.lineWidth = 1.4 / scale;
    context.lineJoin = "round";
    for (const shape of this.replay.static ?? []) this.drawShape(context, shape);
    for (const body of this.replay.bodies) this.drawBody(context, body, position);
    context.restore();
    if (this.replay.seats > 1 && this.names) this.drawNames(context, { width, height, scale, x, y, position });
  }

  drawSky(context, width, height) {
    const sky = context.createLinearGradient(0, 0, 0, height);
    sky.addColorStop(0, this.colour("light-dark(#cfe3f1, #39435c)"));
    sky.addColorStop(1, this.colour("light-dark(#f8f1e4, #6f667c)"));
    context.fillStyle = sky;
    context.fillRect(0, 0, width, height);
  }

  drawBody(context, body, position) {
    const place = this.placeOf(body, position);
    if (!place) return;
    context.save();
    context.translate(place.x, place.y);
    context.rotate(place.angle);
    // Where several agents share the view, the rim says whose body it is.
    const rim = body.seat !== null && this.replay.seats > 1 ? this.colour(seatColour(body.seat)) : null;
    for (const shape of body.shapes) this.drawShape(context, shape, rim);
    context.restore();
  }

  drawShape(context, shape, rim = null) {
    context.beginPath();
    if (shape.kind === "circle") {
      context.arc(shape.x, shape.y, shape.r, 0, 2 * Math.PI);
    } else {
      shape.points.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
      if (shape.kind === "polygon") context.closePath();
    }
    if (shape.fill && shape.kind !== "line") {
      context.fillStyle = shape.fill;
      context.fill();
    }
    if (shape.stroke || rim) {
      const width = context.lineWidth;
      if (rim) context.lineWidth = width * 2.2;
      context.strokeStyle = rim ?? shape.stroke;
      context.stroke();
      context.lineWidth = width;
    }
  }

  /** Tag the first body of every seat, where it is in view, with the name of its agent; a crowd would hide itself. */
  drawNames(context, { width, height, scale, x, y, position }) {
    if (this.replay.seats > MOST_NAMED) return;
    const tagged = new Set();
    context.font = "600 12px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const body of this.seated) {
      const place = tagged.has(body.seat) ? null : this.placeOf(body, position);
      if (!place) continue;
      tagged.add(body.seat);
      const text = this.names[body.seat].slice(0, 14);
      const half = context.measureText(text).width / 2 + 6;
      const column = Math.min(width - half - 2, Math.max(half + 2, width / 2 + (place.x - x) * scale));
      const line = Math.max(12, height / 2 - (place.y + body.reach - y) * scale - 12);
      context.fillStyle = this.colour(seatColour(body.seat));
      context.globalAlpha = 0.92;
      context.beginPath();
      context.roundRect(column - half, line - 9, half * 2, 18, 9);
      context.fill();
      context.globalAlpha = 1;
      context.fillStyle = "#fff";
      context.fillText(text, column, line + 0.5);
    }
  }

  describe(frame) {
    const places = this.seated.slice(0, 8).map((body) => [body, this.placeOf(body, frame)]).filter(([, place]) => place);
    const words = places.map(([body, place]) => word("{who} at {x}, {y}", { who: this.names[body.seat], x: place.x.toFixed(1), y: place.y.toFixed(1) }));
    return `${word("Step {step}.", { step: frame })} ${words.join("; ")}`;
  }
}
