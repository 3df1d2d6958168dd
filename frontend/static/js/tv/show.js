// Puts a live match on the screen: listens to a channel, plays its states at their pace, tells how it ended and what
// comes next. Drawn by the scenes of the replay player; what is drawn is told in words and in a table too.

import { word } from "../language/words.js";
import { Picture } from "../play/picture.js";
import { start } from "../replay.js";
import { make } from "../replay/dom.js";
import { markSeat } from "../replay/seats.js";
import { formatReward } from "../replay/steps.js";
import { LiveSteps } from "./steps.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const SPOKEN_EVERY = 4000;
const LONGEST_DELAY = 0.7;
const READABLE = 6;
const WALL_WAIT = 60000;
const PARTS = ["state", "title", "by", "note", "stage", "now", "spoken", "steps", "otherwise"];
const STATES = { live: word("live"), paused: word("paused, retrying"), soon: word("soon") };

function seconds(value) {
  if (value === null || value === undefined) return "";
  return value < 1 ? `${Math.max(1, Math.round(value * 1000))} ms` : `${value.toFixed(1)} s`;
}

export class Show {
  constructor(root) {
    this.root = root;
    for (const part of PARTS) this[part] = root.querySelector(`[data-tv-${part}]`);
    this.list = root.querySelector("[data-player-seats]");
    this.wait = FIRST_WAIT;
    this.spokenAt = -Infinity;
    this.clear();
  }

  clear() {
    clearTimeout(this.timer);
    Object.assign(this, { table: "", turn: -1, queue: [], fps: 2, scene: null, picture: null, isOver: false, timer: 0, result: "" });
  }

  begin() {
    this.connect();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.disconnect();
      else if (!this.source) this.connect();
    });
    addEventListener("pagehide", () => this.disconnect());
    addEventListener("pageshow", (event) => { if (event.persisted) this.connect(); });
  }

  connect() {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = new EventSource(this.root.dataset.stream);
    this.source.addEventListener("open", () => { this.wait = FIRST_WAIT; });
    this.source.addEventListener("message", (event) => this.hear(JSON.parse(event.data)));
    this.source.addEventListener("error", () => {
      this.source.close();
      this.showState("paused");
      this.retry = setTimeout(() => this.connect(), this.wait * (0.7 + 0.6 * Math.random()));
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    });
  }

  disconnect() {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }

  showState(state) {
    this.state.hidden = false;
    this.state.dataset.state = state;
    if (this.state.textContent !== STATES[state]) this.state.textContent = STATES[state];
  }

  hear(heard) {
    if (heard.kind === "begin") this.seat(heard);
    else if (heard.kind === "off") this.turnOff();
    else if (heard.kind === "next") this.enqueue([{ next: heard }]);
    else if (heard.kind === "show") this.take(heard);
    else if (heard.kind === "over") this.enqueue([{ over: heard }]);
    else if (heard.kind === "note") this.say(heard.text);
  }

  /** A show begins, or this page comes to it. */
  seat(heard) {
    this.showState("live");
    if (heard.table === this.table) return;
    clearInterval(this.countdown);
    this.clear();
    this.table = heard.table;
    if (heard.board) this.root.dataset.board = heard.board;
    else delete this.root.dataset.board;
    this.title.hidden = false;
    this.title.href = heard.url;
    this.title.textContent = `${heard.arena}: ${heard.line_up}`;
    this.by.textContent = heard.by ? word("asked for by {who}", { who: heard.by }) : "";
    this.names = heard.seats.map(({ name }) => name);
    this.list.replaceChildren(...heard.seats.map(({ name, url }, seat) => {
      const agent = url ? make("a", { class: "agent", href: url }, name) : make("span", { class: "agent" }, name);
      return markSeat(make("li", {}, make("span", { class: "seat" }, agent), make("span", { class: "act-time", title: word("Time of the last turn") }), make("span", { class: "score", title: word("Reward so far") })), seat);
    }));
    this.list.toggleAttribute("data-many", heard.seats.length > 4);
    this.seats = [...this.list.children];
    this.rows = new LiveSteps(this.steps, this.names);
    this.root.dataset.state = "ready";
    this.say(word("The agents are taking their seats"));
    this.now.textContent = "";
  }

  take(heard) {
    if (!this.table) return;
    this.showState("live");
    this.fps = heard.fps;
    if (heard.scene && !this.scene) {
      this.scene = heard.scene;
      for (const row of heard.log ?? []) this.rows.add(row, false);
    }
    if (this.scene) this.enqueue(heard.states);
  }

  enqueue(items) {
    this.queue.push(...items);
    if (!this.timer) this.pump();
  }

  /** Play the next state; what has piled up is played faster. */
  async pump() {
    this.timer = -1;
    const { table } = this;
    const item = this.queue.shift();
    if (item) {
      try {
        if (item.next) this.announce(item.next);
        else if (item.over) this.end(item.over);
        else await this.show(item);
      } catch (error) {
        this.say(word("This page cannot show the match."));
        setTimeout(() => { throw error; });
      }
    }
    if (table !== this.table) return;
    if (!this.queue.length) {
      this.timer = 0;
      return;
    }
    const rate = Math.max(this.fps, this.queue.length / LONGEST_DELAY);
    this.timer = setTimeout(() => this.pump(), 1000 / rate);
  }

  async show(state) {
    if (state.turn <= this.turn || this.isOver) return;
    this.turn = state.turn;
    this.say("");
    this.picture ??= new Picture(this.root, this.stage, this.names);
    if (state.picture) this.picture.showImage(state.picture);
    else if (state.changed) await this.picture.show({ ...this.scene, ...state.changed });
    if (state.places) this.picture.move(state.places);
    this.seats.forEach((item, seat) => {
      item.querySelector(".score").textContent = formatReward(state.rewards[seat]);
      item.querySelector(".act-time").textContent = seconds(state.seconds[seat]);
      item.toggleAttribute("data-acting", this.fps < READABLE && state.waits.length === 1 && state.waits.includes(seat));
    });
    this.rows.add(state);
    this.tell(this.words(state));
    this.root.dataset.frame = state.turn;
  }

  words({ turn, actor, label, waits }) {
    const who = actor < 0 ? "" : this.names[actor];
    const done = label ? `${who}: ${label}` : word("Step {step}", { step: turn });
    const next = waits.length === 1 && this.names.length > 1 && this.fps < READABLE ? `. ${word("{who} to move", { who: this.names[waits[0]] })}` : "";
    return turn === 0 ? word("Start") + next : done + next;
  }

  /** Say it to the eyes at once, to the ears not faster than they follow. */
  tell(text) {
    this.now.textContent = text;
    const now = performance.now();
    if (now - this.spokenAt < SPOKEN_EVERY) return;
    this.spokenAt = now;
    this.spoken.textContent = text;
  }

  end(heard) {
    this.isOver = true;
    const faults = heard.seats.filter((row) => row.meaning).map((row) => `${row.name}: ${word(row.label)}. ${word(row.meaning)}`);
    this.result = [heard.text, ...faults].join(" ");
    heard.seats.forEach((row) => this.seats[row.seat]?.toggleAttribute("data-won", row.rank === 1 && this.names.length > 1));
    this.seats.forEach((item) => item.removeAttribute("data-acting"));
    this.now.textContent = this.result;
    this.spoken.textContent = this.result;
  }

  /** Count down to the next match. */
  announce({ line_up: lineUp, arena, seconds: left }) {
    clearInterval(this.countdown);
    this.showState("soon");
    if (!lineUp) return;
    const until = performance.now() + left * 1000;
    const show = () => {
      const rest = Math.max(0, Math.ceil((until - performance.now()) / 1000));
      this.now.textContent = `${this.result} ${word("Next: {line_up} ({arena}) in {seconds} s", { line_up: lineUp, arena, seconds: rest })}`.trim();
      if (!rest) clearInterval(this.countdown);
    };
    this.countdown = setInterval(show, 1000);
    show();
    this.spoken.textContent = `${this.result} ${word("Next: {line_up}", { line_up: lineUp })}`.trim();
  }

  /** Nothing is played: show the best of today instead, once. */
  turnOff() {
    clearInterval(this.countdown);
    const found = document.importNode(this.otherwise.content, true);
    this.disconnect();
    const player = found.querySelector("[data-replay]");
    // Nobody stands at a wall to reload the page.
    if (this.root.closest(".tv-wall")) setTimeout(() => location.reload(), WALL_WAIT);
    this.root.replaceWith(found);
    if (player) start(player);
  }

  say(text) {
    if (this.note.textContent !== text) this.note.textContent = text;
    this.note.hidden = !text;
  }
}
