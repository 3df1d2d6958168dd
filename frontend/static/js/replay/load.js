// Fetches a trajectory, looks through it and unpacks its tracks. The format is described in arenas/trajectory.py.

import { word } from "../language/words.js";
import { check } from "./check.js";
import { ReplayError, unpackTrack } from "./tracks.js";

const MOST_BYTES = 64 * 1024 * 1024;
const FASTEST = 120;

async function fetchBytes(url) {
  const lost = () => { throw new ReplayError(word("The replay could not be fetched. Check the connection, then reload the page.")); };
  const answer = await fetch(url).catch(lost);
  if (answer.status === 404 || answer.status === 410) {
    throw new ReplayError(word("This replay is not here. It may not have been recorded, or it has expired."));
  }
  if (answer.status === 403) throw new ReplayError(word("This replay is not open to you yet. The competition's rules say when replays are shown."));
  if (!answer.ok) throw new ReplayError(word("The replay could not be fetched: the server answered {status}.", { status: answer.status }));
  return new Uint8Array(await answer.arrayBuffer().catch(lost));
}

/** Read a stream to its end as text, unless it is longer than a page can hold. */
async function readText(stream) {
  const reader = stream.getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts).text();
    size += value.length;
    if (size > MOST_BYTES) {
      reader.cancel();
      throw new ReplayError(word("This replay unpacks to more than {limit} MB: a page cannot show it.", { limit: MOST_BYTES / 1024 / 1024 }));
    }
    parts.push(value);
  }
}

async function unzip(bytes) {
  // Sent with Content-Encoding the browser has unpacked it already; a bare .ctr file still starts with gzip's magic number.
  const stream = new Blob([bytes]).stream();
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return readText(zipped ? stream.pipeThrough(new DecompressionStream("gzip")) : stream);
}

function spansOf(bodies, frames, tracks, unit) {
  return bodies.map((body) => {
    const from = body.from ?? 0;
    const to = body.to ?? frames - 1;
    const unpacked = tracks.map((name) => [name, unpackTrack(body[name] ?? 0, to - from + 1, unit)]);
    return { ...body, seat: body.seat ?? null, from, to, ...Object.fromEntries(unpacked) };
  });
}

function unpack(raw) {
  const frames = raw.turns + 1;
  const fps = Number.isFinite(raw.fps) && raw.fps > 0 ? Math.min(raw.fps, FASTEST) : 10;
  const replay = { ...raw, frames, fps, labels: raw.labels ?? [], rewards: raw.rewards.map((track) => unpackTrack(track, frames)) };
  if (raw.scene === "shapes2d") replay.bodies = spansOf(raw.bodies, frames, ["x", "y", "angle"], 1000);
  if (raw.scene === "grid") replay.pieces = spansOf(raw.pieces ?? [], frames, ["look", "x", "y", "turn"], 1);
  return replay;
}

/** Return the replay in `bytes`, gzipped or not, as plain objects with unpacked tracks; throw a ReplayError that says what is wrong. */
export async function readTrajectory(bytes) {
  let raw;
  try {
    raw = JSON.parse(await unzip(bytes));
  } catch (error) {
    if (error instanceof ReplayError) throw error;
    throw new ReplayError(word("This replay is broken: the file is damaged or cut short."));
  }
  check(raw);
  return unpack(raw);
}

/** Return the replay at `url`, or throw a ReplayError. */
export async function loadTrajectory(url) {
  return readTrajectory(await fetchBytes(url));
}
