// The turns of a live match as a table: what happened, the reward so far. The latest ones only.

import { word } from "../language/words.js";
import { make } from "../replay/dom.js";
import { markSeat } from "../replay/seats.js";
import { formatReward } from "../replay/steps.js";

const MOST_ROWS = 60;
const MOST_COLUMNS = 4;
const LEAST_BETWEEN = 450;

export class LiveSteps {
  constructor(mount, names) {
    Object.assign(this, { mount, names });
    this.body = make("tbody");
    this.addedAt = -Infinity;
    this.latest = -1;
    const rewards = this.columns().map((seat) => {
      const text = word("Reward of {who}", { who: names[seat] });
      const dot = markSeat(make("span", { class: "seat" }, make("span", { class: "visually-hidden" }, text)), seat);
      return make("th", { scope: "col", class: "num", title: text }, dot);
    });
    const heads = [word("Step"), word("Event")].map((text) => make("th", { scope: "col" }, text));
    const caption = make("caption", { class: "visually-hidden" }, word("The latest steps"));
    mount.replaceChildren(make("table", { class: "player-steps" }, caption, make("thead", {}, make("tr", {}, ...heads, ...rewards)), this.body));
    mount.hidden = false;
  }

  columns() {
    return [...this.names.keys()].slice(0, MOST_COLUMNS);
  }

  /** Add a turn; of those that follow each other faster than anybody reads, some are left out. */
  add({ turn, actor, label, rewards }, isNow = true) {
    const now = performance.now();
    if (turn <= this.latest || (isNow && !label && now - this.addedAt < LEAST_BETWEEN)) return;
    this.addedAt = now;
    this.latest = turn;
    // Beside a dot in the seat's colour the name is only read out.
    const who = actor < 0 ? "" : make("span", { class: "visually-hidden" }, `${this.names[actor]}: `);
    const words = label || (turn === 0 ? "start" : "");
    const event = actor < 0 ? make("span", { class: "soft" }, words) : markSeat(make("span", { class: "seat" }, who, words), actor);
    const numbers = this.columns().map((seat) => make("td", { class: "num" }, formatReward(rewards[seat])));
    this.body.append(make("tr", {}, make("td", {}, String(turn)), make("td", {}, event), ...numbers));
    while (this.body.rows.length > MOST_ROWS) this.body.rows[0].remove();
    this.mount.scrollTop = this.mount.scrollHeight;
  }
}
