// Fetches a trajectory and unpacks its tracks. The format is described in arenas/trajectory.py.

const FORMAT = 1;
const SCENES = ["shapes2d", "board", "panel"];
const THOUSANDTHS = 1000;

/** A replay that cannot be shown; the message is for the person watching. */
export class ReplayError extends Error {}

/** Unpack [first, delta, ...] or one bare integer to `length` numbers in the arena's unit. */
export function unpackTrack(track, length) {
  const values = new Float64Array(length);
  if (typeof track === "number") return values.fill(track / THOUSANDTHS);
  if (!Array.isArray(track) || track.length !== length) throw new ReplayError("This replay is broken: a track has the wrong length.");
  let sum = 0;
  for (let index = 0; index < length; index += 1) {
    sum += track[index];
    values[index] = sum / THOUSANDTHS;
  }
  return values;
}

async function fetchBytes(url) {
  let answer;
  try {
    answer = await fetch(url);
  } catch {
    throw new ReplayError("The replay could not be fetched. Check the connection, then reload the page.");
  }
  if (answer.status === 404 || answer.status === 410) {
    throw new ReplayError("This replay is not here. It may not have been recorded, or it has expired.");
  }
  if (answer.status === 403) throw new ReplayError("This replay is not open to you yet. The competition's rules say when replays are shown.");
  if (!answer.ok) throw new ReplayError(`The replay could not be fetched: the server answered ${answer.status}.`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function decode(bytes) {
  // Sent with Content-Encoding the browser has unpacked it already; a bare .gz file still starts with its magic number.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new TextDecoder().decode(bytes);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

function check(raw) {
  if (raw?.format !== FORMAT) {
    throw new ReplayError(
      `This replay is written in format ${raw?.format ?? "unknown"}; this page reads format ${FORMAT}. Reload the page to get the newest player.`,
    );
  }
  if (!SCENES.includes(raw.scene)) throw new ReplayError(`This page cannot draw a scene of kind "${raw.scene}". Reload the page to get the newest player.`);
  const fits = Number.isInteger(raw.turns) && raw.turns >= 0 && raw.actors?.length === raw.turns && raw.rewards?.length === raw.seats;
  if (!fits) throw new ReplayError("This replay is broken: its header does not fit its contents.");
}

function unpackBodies(bodies, frames) {
  return bodies.map((body) => {
    const from = body.from ?? 0;
    const to = body.to ?? frames - 1;
    const length = to - from + 1;
    const [x, y, angle] = [body.x, body.y, body.angle].map((track) => unpackTrack(track ?? 0, length));
    return { shapes: body.shapes, seat: body.seat ?? null, from, to, x, y, angle };
  });
}

/** Return the replay at `url` as plain objects with unpacked tracks, or throw a ReplayError. */
export async function loadTrajectory(url) {
  let raw;
  const bytes = await fetchBytes(url);
  try {
    raw = JSON.parse(await decode(bytes));
  } catch {
    throw new ReplayError("This replay is broken: the file is damaged or cut short.");
  }
  check(raw);
  const frames = raw.turns + 1;
  const replay = { ...raw, frames, rewards: raw.rewards.map((track) => unpackTrack(track, frames)) };
  replay.labels = raw.labels ?? [];
  if (raw.scene === "shapes2d") replay.bodies = unpackBodies(raw.bodies, frames);
  return replay;
}
