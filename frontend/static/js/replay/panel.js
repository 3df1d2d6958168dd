// Shows a scene of text panels: cards, hands, anything without a drawing.

import { make } from "./dom.js";

export class Panel {
  constructor(replay, names) {
    this.replay = replay;
    this.names = names;
    this.element = make("div", { class: "player-stage player-panels" });
    this.shown = -1;
  }

  /** The frame whose panels are in force at `frame`: null means "as before". */
  sourceOf(frame) {
    let index = frame;
    while (index > 0 && this.replay.panels[index] === null) index -= 1;
    return index;
  }

  /** A panel called after its seat bears the name of the agent that sits there. */
  nameOf(title, seat) {
    return seat !== null && /^seat \d+$/i.test(title) ? this.names[seat] : title;
  }

  draw(position) {
    const source = this.sourceOf(Math.floor(position));
    if (source === this.shown) return;
    this.shown = source;
    const cards = (this.replay.panels[source] ?? []).map(({ title, lines, seat }) => {
      const heading = make("h3", {}, make("span", seat === null ? {} : { class: "seat" }, this.nameOf(title, seat)));
      return make("article", { class: "player-panel", "data-seat": seat ?? null }, heading, make("pre", {}, lines.join("\n")));
    });
    this.element.replaceChildren(...cards);
  }

  describe() {}
}
