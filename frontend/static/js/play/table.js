// Puts a table together: listens to its words, shows them, and sends what the person does.

import { formatReward } from "../replay/steps.js";
import { markSeat } from "../replay/seats.js";
import { Held } from "./held.js";
import { Moves } from "./moves.js";
import { Picture } from "./picture.js";
import { Sender } from "./sender.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;
const SHORT_WAIT = 3;

export class Table {
  constructor(root) {
    this.root = root;
    const find = (name) => root.querySelector(`[data-play-${name}]`);
    [this.note, this.now, this.told, this.after, this.clock, this.leaving, this.controls] = ["note", "now", "told", "after", "clock", "leave", "controls"].map(find);
    this.seat = Number(root.dataset.seatOfPerson);
    this.seats = [...root.querySelectorAll("[data-player-seats] > li")];
    this.seats.forEach((item, seat) => markSeat(item, seat));
    this.names = this.seats.map((item) => item.querySelector(".agent").textContent.trim());
    this.picture = new Picture(root, find("stage"), this.names);
    this.sender = new Sender(root, (text) => this.tell(text));
    this.moves = new Moves(root, this.picture, (action) => this.sender.send(action, this.turn), (text, isQuiet) => (isQuiet ? this.speak(text) : this.tell(text)));
    this.taking = Promise.resolve();
    this.wait = FIRST_WAIT;
    this.turn = 0;
    this.isOver = false;
    this.now.tabIndex = -1;
  }

  begin() {
    const idle = this.root.dataset.realTime;
    if (idle !== undefined && this.controls) {
      this.held = new Held(this.controls, Number(idle), (action) => this.sender.send(action, Date.now()));
    }
    setInterval(() => this.showClock(), 1000);
    this.connect();
    addEventListener("pagehide", () => this.source?.close());
    addEventListener("pageshow", (event) => { if (event.persisted) this.connect(); });
  }

  connect() {
    if (this.isOver) return;
    this.source?.close();
    this.source = new EventSource(this.root.dataset.stream);
    this.source.addEventListener("open", () => { this.wait = FIRST_WAIT; });
    this.source.addEventListener("message", (event) => {
      // One after the other: a state is unpacked before the next one is looked at.
      this.taking = this.taking.then(() => this.take(JSON.parse(event.data))).catch((error) => {
        this.say("This page cannot show the table. Reload it.");
        setTimeout(() => { throw error; });
      });
    });
    this.source.addEventListener("error", () => {
      this.source.close();
      if (this.isOver) return;
      this.say("The connection is lost. Trying again.");
      setTimeout(() => this.connect(), this.wait * (0.7 + 0.6 * Math.random()));
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    });
  }

  async take(word) {
    if (word.kind === "state") await this.show(word);
    else if (word.kind === "told") this.refuse(word.text);
    else if (word.kind === "note") this.say(word.text);
    else if (word.kind === "waiting") this.showQueue(word);
    else if (word.kind === "over") this.end(word);
  }

  showQueue({ ahead, seconds }) {
    if (ahead) this.say(`All tables are taken: ${ahead} ${ahead === 1 ? "person is" : "people are"} before you.`);
    else this.say(seconds < SHORT_WAIT ? "Looking for a table" : "All tables are taken. You are next.");
  }

  async show(word) {
    this.say("");
    this.root.dataset.state = "ready";
    this.turn = word.turn;
    if (word.picture) this.picture.showImage(word.picture);
    else if (word.scene) await this.picture.show(word.scene);
    else if (word.places) this.picture.move(word.places);
    word.rewards.forEach((reward, seat) => {
      this.seats[seat].querySelector(".score").textContent = formatReward(reward);
      this.seats[seat].toggleAttribute("data-acting", !this.held && word.waits.includes(seat));
    });
    if (this.held) this.showRealTime(word);
    else this.showTurn(word);
  }

  showRealTime(word) {
    this.controls.hidden = false;
    if (word.turn === 0) this.speak("Press a key or a button to begin.");
    else if (word.turn === 1) this.speak("Go!");
  }

  showTurn(word) {
    const name = word.actor < 0 ? "" : this.names[word.actor];
    const last = word.label ? `${name}: ${word.label}. ` : "";
    const others = word.waits.filter((seat) => seat !== this.seat).map((seat) => this.names[seat]);
    this.until = word.ask?.until ?? 0;
    this.tell("");
    if (word.ask) {
      this.speak(`${last}Your move.`);
      this.lastAsk = word.ask.moves;
      this.moves.offer(word.ask.moves);
    } else {
      this.speak(others.length ? `${last}${others.join(", ")} to move.` : last);
      this.moves.close();
    }
    this.showClock();
  }

  refuse(text) {
    this.tell(text);
    if (this.lastAsk && this.until) this.moves.offer(this.lastAsk);
  }

  showClock() {
    const left = this.until ? Math.max(0, Math.round((this.until - Date.now()) / 1000)) : 0;
    this.clock.textContent = this.until && !this.isOver ? `${left} s left for this move` : "";
  }

  end(word) {
    this.isOver = true;
    this.source.close();
    this.until = 0;
    this.moves.close();
    this.say("");
    const faults = word.seats.filter((row) => row.meaning).map((row) => `${row.name}: ${row.label}. ${row.meaning} ${row.message}`);
    this.speak([word.text, ...faults].join(" "));
    if (this.controls) this.controls.hidden = true;
    this.leaving.hidden = true;
    this.after.hidden = false;
    this.root.toggleAttribute("data-over", true);
    this.showClock();
  }

  say(text) {
    this.note.textContent = text;
  }

  speak(text) {
    if (this.now.textContent !== text) this.now.textContent = text;
  }

  tell(text) {
    this.told.textContent = text;
  }
}
