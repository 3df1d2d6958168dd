// The replay player. Starts on every [data-replay] (templates/parts/_player.html), on pairs of them, and on files that people open.

import { word } from "./language/words.js";
import { fromBase64 } from "./replay/embedded.js";
import { loadTrajectory, readTrajectory } from "./replay/load.js";
import { Player } from "./replay/player.js";
import { ReplayError } from "./replay/tracks.js";

/** Return the replay an element names: inside this page, or at an address. */
function find(half) {
  const embedded = half.dataset.replayEmbedded;
  if (embedded) return readTrajectory(fromBase64(document.getElementById(embedded).textContent));
  return loadTrajectory(half.dataset.replay);
}

function complain(root, note, error) {
  const known = error instanceof ReplayError;
  note.textContent = known ? error.message : word("This replay is broken: its contents do not fit together.");
  note.hidden = false;
  note.classList.add("failed");
  root.dataset.state = "failed";
  // A fault of this code must stay visible to developers; a bad file is not one.
  if (!known) setTimeout(() => { throw error; });
}

/** Show the replay, or the two, that an element names. */
export async function start(root) {
  const halves = root.matches("[data-replay-pair]") ? [...root.querySelectorAll("[data-half]")] : [root];
  const note = root.querySelector("[data-player-note]");
  note.textContent = word("Loading the replay");
  try {
    const replays = await Promise.all(halves.map(find));
    note.hidden = true;
    new Player(root, halves.map((half, index) => ({ root: half, replay: replays[index] }))).begin();
  } catch (error) {
    complain(root, note, error);
  }
}

/** Show a file of this person's own; it never leaves the browser. */
async function open(picker, file) {
  const fresh = document.importNode(picker.querySelector("template").content.firstElementChild, true);
  document.querySelector("[data-replay-file] ~ .player")?.remove();
  picker.after(fresh);
  const note = fresh.querySelector("[data-player-note]");
  try {
    const replay = await readTrajectory(new Uint8Array(await file.arrayBuffer()));
    note.hidden = true;
    new Player(fresh, [{ root: fresh, replay }]).begin();
    picker.querySelector("[data-replay-name]").textContent = word("{file}: {arena}, {turns} turns", { file: file.name, arena: replay.arena ?? word("unknown arena"), turns: replay.turns });
  } catch (error) {
    complain(fresh, note, error);
  }
}

function listenToFiles(picker) {
  const input = picker.querySelector("input[type=file]");
  input.addEventListener("change", () => { if (input.files[0]) open(picker, input.files[0]); });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    picker.toggleAttribute("data-over", true);
  });
  document.addEventListener("dragleave", () => picker.removeAttribute("data-over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    picker.removeAttribute("data-over");
    if (event.dataTransfer.files[0]) open(picker, event.dataTransfer.files[0]);
  });
}

for (const root of document.querySelectorAll("[data-replay-pair], [data-replay]:not([data-half]), [data-replay-embedded]:not([data-half])")) start(root);
for (const picker of document.querySelectorAll("[data-replay-file]")) listenToFiles(picker);
