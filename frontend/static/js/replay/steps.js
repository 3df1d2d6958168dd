// The same episode as a table: who acted, what happened, the reward so far. One page of rows at a time.

import { word } from "../language/words.js";
import { make } from "./dom.js";
import { markSeat } from "./seats.js";

const PAGE = 100;
const MOST_COLUMNS = 4;

export function formatReward(value) {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

export class Steps {
  constructor(replay, names, seek) {
    this.replay = replay;
    this.names = names;
    this.seated = replay.seats <= MOST_COLUMNS ? [...names.keys()] : [];
    this.body = make("tbody");
    this.caption = make("caption", { class: "visually-hidden" });
    // A column that would say the same in every row is left out.
    this.hasSeats = replay.seats > 1 && replay.actors.some((actor) => actor >= 0);
    this.hasLabels = replay.labels.some(Boolean);
    const heads = [word("Step"), ...(this.hasSeats ? [word("Seat")] : []), ...(this.hasLabels ? [word("Event")] : [])];
    const rewards = this.seated.length ? this.seated.map((seat) => this.rewardHead(seat)) : [make("th", { scope: "col", class: "num" }, word("Rewards of all"))];
    const row = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)), ...rewards);
    const table = make("table", { class: "player-steps" }, this.caption, make("thead", {}, row), this.body);
    this.element = make("div", { class: "player-scroll", tabindex: "0", role: "region", "aria-label": word("Steps") }, table);
    this.body.addEventListener("click", (event) => {
      const found = event.target.closest("tr");
      if (found) seek(Number(found.dataset.frame));
    });
    this.page = -1;
  }

  rewardHead(seat) {
    const text = word("Reward of {who}", { who: this.names[seat] });
    const dot = markSeat(make("span", { class: "seat" }, make("span", { class: "visually-hidden" }, text)), seat);
    return make("th", { scope: "col", class: "num", title: text }, dot);
  }

  who(frame) {
    if (frame === 0) return make("span", { class: "soft" }, word("start"));
    const actor = this.replay.actors[frame - 1];
    if (actor < 0) return make("span", { class: "soft" }, word("all"));
    // Beside words on the event the dot is enough to look at; its name is still read out.
    const name = make("span", { class: this.hasLabels ? "visually-hidden" : "" }, this.names[actor]);
    return markSeat(make("span", { class: "seat", title: this.names[actor] }, name), actor);
  }

  /** The reward of each seat that has a column; of a crowd the sum. */
  rewardsAt(frame) {
    const { rewards } = this.replay;
    if (this.seated.length) return this.seated.map((seat) => rewards[seat][frame]);
    return [Number(rewards.reduce((sum, track) => sum + track[frame], 0).toFixed(3))];
  }

  makeRow(frame) {
    const cells = [
      make("td", {}, make("button", { type: "button" }, String(frame))),
      ...(this.hasSeats ? [make("td", {}, this.who(frame))] : []),
      ...(this.hasLabels ? [make("td", {}, this.replay.labels[frame] ?? "")] : []),
      ...this.rewardsAt(frame).map((reward) => make("td", { class: "num" }, formatReward(reward))),
    ];
    return make("tr", { "data-frame": frame }, ...cells);
  }

  show(frame) {
    const page = Math.floor(frame / PAGE);
    if (page !== this.page) {
      this.page = page;
      const first = page * PAGE;
      const last = Math.min(this.replay.frames, first + PAGE) - 1;
      this.caption.textContent = word("Steps {first} to {last} of {count}", { first, last, count: this.replay.frames - 1 });
      const rows = [];
      for (let index = first; index <= last; index += 1) rows.push(this.makeRow(index));
      this.body.replaceChildren(...rows);
    }
    this.current?.removeAttribute("aria-current");
    this.current = this.body.children[frame % PAGE];
    this.current.setAttribute("aria-current", "step");
    this.keepInView();
  }

  /** Scroll inside the list only: scrollIntoView would move the page under the reader. */
  keepInView() {
    const box = this.element;
    const top = this.current.offsetTop;
    if (top < box.scrollTop + 40 || top + this.current.offsetHeight > box.scrollTop + box.clientHeight - 8) {
      box.scrollTop = top - box.clientHeight / 2;
    }
  }
}
