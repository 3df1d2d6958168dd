// A small picture of an episode that plays by itself, silently and again and again, while it is in view.

import { word } from "./language/words.js";
import { colourReader, make, makeButton } from "./replay/dom.js";
import { loadTrajectory } from "./replay/load.js";
import { makeStage } from "./replay/screen.js";
import { colourSeats } from "./replay/seats.js";

const HOLD_SECONDS = 1.2;

class Preview {
  constructor(root, replay) {
    Object.assign(this, { root, replay, position: 0, seen: false });
    this.last = replay.frames - 1;
    if (replay.scene === "board" && !replay.colours) root.dataset.board = replay.style;
    colourSeats(root, replay);
    this.stage = makeStage(replay, colourReader(root), null, false);
    const label = root.querySelector("figcaption").textContent;
    this.stage.element.querySelector("[role=img]")?.setAttribute("aria-label", label);
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.playing = !this.calm;
    this.button = makeButton(root.dataset.icons, this.playing ? "pause" : "play", this.playing ? word("Pause") : word("Play"), () => this.toggle());
    this.button.classList.add("preview-button");
    root.append(this.stage.element, this.button);
    // Where nothing may move by itself, the middle tells more than the first frame.
    this.stage.draw(this.calm ? Math.floor(this.last / 2) : 0);
    new IntersectionObserver(([entry]) => { this.seen = entry.isIntersecting; this.run(); }).observe(root);
  }

  toggle() {
    this.playing = !this.playing;
    this.button.showIcon(this.playing ? "pause" : "play", this.playing ? word("Pause") : word("Play"));
    this.run();
  }

  run() {
    this.before = performance.now();
    if (!this.pending && this.playing && this.seen && this.last > 0) this.pending = requestAnimationFrame((now) => this.tick(now));
  }

  tick(now) {
    this.pending = 0;
    const seconds = Math.min(0.25, Math.max(0, now - this.before) / 1000);
    this.position += seconds * this.replay.fps;
    if (this.position > this.last + HOLD_SECONDS * this.replay.fps) this.position = 0;
    this.stage.draw(Math.min(this.last, this.position));
    this.run();
    this.before = now;
  }
}

async function start(root) {
  try {
    const replay = await loadTrajectory(root.dataset.preview);
    if (replay.scene === "frames") throw new Error("nothing to draw");
    new Preview(root, replay);
    root.dataset.state = "ready";
  } catch {
    // A page is whole without its preview.
    root.append(make("p", { class: "soft small" }, word("There is no preview.")));
    root.dataset.state = "failed";
  }
}

for (const root of document.querySelectorAll("[data-preview]")) start(root);
