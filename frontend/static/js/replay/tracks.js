// Tracks: [first, difference, ...] or one bare number, as arenas/trajectory.py writes them.

import { word } from "../language/words.js";

const THOUSANDTHS = 1000;

/** A replay that cannot be shown; the message is for the person watching. */
export class ReplayError extends Error {}

export function broken(words) {
  return new ReplayError(word("This replay is broken: {why}.", { why: words }));
}

/** Unpack a track to `length` numbers, each divided by `unit`. */
export function unpackTrack(track, length, unit = THOUSANDTHS) {
  const values = new Float64Array(length);
  if (Number.isFinite(track)) return values.fill(track / unit);
  if (!Array.isArray(track) || track.length !== length) throw broken("a track has the wrong length");
  let sum = 0;
  for (let index = 0; index < length; index += 1) {
    sum += track[index];
    values[index] = sum / unit;
  }
  // One look at the end finds what is no number anywhere before: sums never come back from it.
  if (!Number.isFinite(sum) || typeof sum !== "number") throw broken("a track holds something that is no number");
  return values;
}

/** The value between two frames. */
export function blend(values, index, share) {
  const here = values[index];
  return index + 1 < values.length && share > 0 ? here + (values[index + 1] - here) * share : here;
}
