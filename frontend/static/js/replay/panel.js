// Shows a scene of text panels: cards, hands, anything without a drawing.

import { make } from "./dom.js";
import { markSeat } from "./seats.js";

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
    return this.names && seat !== null && /^seat \d+$/i.test(title) ? this.names[seat] : title;
  }

  draw(position) {
    const source = this.sourceOf(Math.floor(position));
    if (source === this.shown) return;
    this.shown = source;
    const cards = (this.replay.panels[source] ?? []).map(({ title, lines, seat = null }) => {
      const heading = make("h3", {}, make("span", seat === null ? {} : { class: "seat" }, this.nameOf(title, seat)));
      const card = make("article", { class: "player-panel" }, heading, make("pre", {}, lines.join("\n")));
      return seat === null ? card : markSeat(card, seat);
    });
    this.element.replaceChildren(...cards);
  }

  describe() {}
}
