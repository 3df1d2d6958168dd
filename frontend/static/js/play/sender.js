// Sends presses to the table, one after the other, so that none overtakes another.

import { word } from "../language/words.js";

const RETRIES = 3;
const RETRY_WAIT = 400;

const pause = (time) => new Promise((done) => { setTimeout(done, time); });

export class Sender {
  /** `tell(text)` says what went wrong. */
  constructor(root, tell) {
    this.url = root.dataset.act;
    this.token = root.dataset.token;
    this.tell = tell;
    this.sending = Promise.resolve();
  }

  send(action, turn) {
    const body = JSON.stringify({ action, turn });
    this.sending = this.sending.then(() => this.post(body));
    return this.sending;
  }

  async post(body) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
    for (let count = 0; count < RETRIES; count += 1) {
      const answer = await fetch(this.url, { method: "POST", headers, body }).catch(() => null);
      if (answer?.ok) return;
      if (answer && answer.status !== 429 && answer.status < 500) {
        const problem = await answer.json().catch(() => null);
        this.tell(problem?.error?.message ?? word("The table did not take that. Reload the page."));
        return;
      }
      await pause(RETRY_WAIT * (count + 1));
    }
    this.tell(word("The table cannot be reached. Check the connection; the game goes on when it is back."));
  }
}
