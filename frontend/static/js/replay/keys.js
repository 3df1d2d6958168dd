// The keyboard of the player, and the dialog that says what each key does.

import { word } from "../language/words.js";
import { SPEEDS } from "./controls.js";
import { make } from "./dom.js";

const HELP = [
  [word("Space"), word("play or pause")],
  ["\u2190 \u2192 or , .", word("one step back or on; with Shift ten steps")],
  [word("Home End"), word("to the start or the end, while the player has the focus")],
  [`1 \u2013 ${SPEEDS.length}`, word("speed, from {slowest} to {fastest}", { slowest: `${SPEEDS[0]}\u00d7`, fastest: `${SPEEDS.at(-1)}\u00d7` })],
  ["F", word("full screen")],
  ["S", word("copy a link to this step")],
  ["?", word("this list")],
];

export function showHelp(player) {
  player.pause();
  const rows = HELP.map(([keys, words]) => make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, keys)), make("td", {}, words)));
  const close = make("button", { type: "submit", class: "button small" }, word("Close"));
  const dialog = make("dialog", { class: "player-help", "aria-label": word("Keys of the player") },
    make("h2", {}, word("Keys")), make("table", {}, make("tbody", {}, ...rows)), make("form", { method: "dialog" }, close));
  dialog.addEventListener("close", () => dialog.remove());
  player.root.append(dialog);
  dialog.showModal();
}

function actsOf(player) {
  const acts = {
    " ": () => player.toggle(),
    ArrowLeft: (event) => player.step(event.shiftKey ? -10 : -1),
    ArrowRight: (event) => player.step(event.shiftKey ? 10 : 1),
    Home: () => player.seek(0),
    End: () => player.seek(player.last),
    ",": () => player.step(-1),
    ".": () => player.step(1),
    f: () => player.fullscreen(),
    s: () => player.copyLink(),
    "?": () => showHelp(player),
  };
  SPEEDS.forEach((value, index) => { acts[index + 1] = () => player.setSpeed(value); });
  return acts;
}

/** Let the keyboard drive the player from anywhere on the page but text fields and menus. */
export function listenToKeys(player) {
  const acts = actsOf(player);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const target = event.target;
    if (!player.root.isConnected || target.matches("input:not([type=range]), textarea, select, [contenteditable]")) return;
    if (event.key === " " && target.matches("button, summary, a")) return;
    if (["Home", "End"].includes(event.key) && !player.root.contains(target)) return;
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });
}

