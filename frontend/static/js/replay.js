// The replay player: starts one on every <section data-replay="/path/to/trajectory"> (templates/parts/_player.html).

import { loadTrajectory, ReplayError } from "./replay/load.js";
import { Player } from "./replay/player.js";

async function start(root) {
  const note = root.querySelector("[data-player-note]");
  note.textContent = "Loading the replay";
  try {
    const replay = await loadTrajectory(root.dataset.replay);
    note.remove();
    new Player(root, replay).begin();
  } catch (error) {
    const known = error instanceof ReplayError;
    note.textContent = known ? error.message : "This replay is broken: its contents do not fit together.";
    note.classList.add("failed");
    root.dataset.state = "failed";
    // A fault of this code must stay visible to developers; a bad file is not one.
    if (!known) setTimeout(() => { throw error; });
  }
}

for (const root of document.querySelectorAll("[data-replay]")) start(root);
