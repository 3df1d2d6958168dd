// Puts a table together: listens to its words, shows them, and sends what the person does.

import { word } from "../language/words.js";
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
        this.say(word("This page cannot show the table. Reload it."));
        setTimeout(() => { throw error; });
      });
    });
    this.source.addEventListener("error", () => {
      this.source.close();
      if (this.isOver) return;
      this.say(word("The connection is lost. Trying again."));
      setTimeout(() => this.connect(), this.wait * (0.7 + 0.6 * Math.random()));
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    });
  }

  async take(heard) {
    if (heard.kind === "state") await this.show(heard);
    else if (heard.kind === "told") this.refuse(heard.text);
    else if (heard.kind === "note") this.say(heard.text);
    else if (heard.kind === "waiting") this.showQueue(heard);
    else if (heard.kind === "over") this.end(heard);
  }

  showQueue({ ahead, seconds }) {
    if (ahead) this.say(word("All tables are taken. Before you: {count}.", { count: ahead }));
    else this.say(seconds < SHORT_WAIT ? word("Looking for a table") : word("All tables are taken. You are next."));
  }

  async show(heard) {
    this.say("");
    this.root.dataset.state = "ready";
    this.turn = heard.turn;
    if (heard.picture) this.picture.showImage(heard.picture);
    else if (heard.scene) await this.picture.show(heard.scene);
    else if (heard.places) this.picture.move(heard.places);
    heard.rewards.forEach((reward, seat) => {
      this.seats[seat].querySelector(".score").textContent = formatReward(reward);
      this.seats[seat].toggleAttribute("data-acting", !this.held && heard.waits.includes(seat));
    });
    if (this.held) this.showRealTime(heard);
    else this.showTurn(heard);
  }

  showRealTime(heard) {
    this.controls.hidden = false;
    if (heard.turn === 0) this.speak(word("Press a key or a button to begin."));
    else if (heard.turn === 1) this.speak(word("Go!"));
  }

  showTurn(heard) {
    const name = heard.actor < 0 ? "" : this.names[heard.actor];
    const last = heard.label ? `${name}: ${heard.label}. ` : "";
    const others = heard.waits.filter((seat) => seat !== this.seat).map((seat) => this.names[seat]);
    this.until = heard.ask?.until ?? 0;
    this.tell("");
    if (heard.ask) {
      this.speak(last + word("Your move."));
      this.lastAsk = heard.ask.moves;
      this.moves.offer(heard.ask.moves);
    } else {
      this.speak(others.length ? last + word("{who} to move.", { who: others.join(", ") }) : last);
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
    this.clock.textContent = this.until && !this.isOver ? word("{seconds} s left for this move", { seconds: left }) : "";
  }

  end(heard) {
    this.isOver = true;
    this.source.close();
    this.until = 0;
    this.moves.close();
    this.say("");
    const faults = heard.seats.filter((row) => row.meaning).map((row) => `${row.name}: ${word(row.label)}. ${word(row.meaning)} ${row.message}`);
    this.speak([heard.text, ...faults].join(" "));
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
