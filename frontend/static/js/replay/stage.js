// A canvas that fills its box at the screen's own resolution and asks its scene to draw.

import { make } from "./dom.js";

const TALLEST = 0.68;
const TALLEST_HALF = 0.42;

export class Stage {
  /** `scene` has: aspect (width / height), draw(context, width, height, position), describe(frame). */
  constructor(scene, isHalf = false) {
    this.scene = scene;
    this.tallest = isHalf ? TALLEST_HALF : TALLEST;
    this.position = 0;
    this.canvas = make("canvas", { class: "player-canvas", role: "img" });
    this.element = make("div", { class: "player-stage" }, this.canvas);
    new ResizeObserver(() => this.fit()).observe(this.element);
    document.addEventListener("themechange", () => this.draw(this.position));
  }

  fit() {
    const width = this.element.clientWidth;
    if (!width) return;
    const tallest = document.fullscreenElement ? this.element.clientHeight : Math.max(240, innerHeight * this.tallest);
    const height = Math.round(Math.min(width / this.scene.aspect, tallest));
    const ratio = Math.min(devicePixelRatio || 1, 3);
    Object.assign(this, { width, height, ratio });
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.height = `${height}px`;
    this.draw(this.position);
  }

  draw(position) {
    this.position = position;
    if (!this.width) return;
    const context = this.canvas.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    this.scene.draw(context, this.width, this.height, position);
  }

  describe(frame) {
    this.canvas.setAttribute("aria-label", this.scene.describe(frame));
  }
}
