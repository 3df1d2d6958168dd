// Controls of an arena that does not wait: the action that is held, by keys or by fingers.

const nameOf = (key) => (key === " " ? "Space" : key.length === 1 ? key.toLowerCase() : key);

export class Held {
  /** `hold(action)` is called whenever another action is held; `idle` is the one of no key. */
  constructor(element, idle, hold) {
    Object.assign(this, { element, idle, hold });
    this.stack = [];
    this.last = null;
    this.byKey = new Map();
    for (const button of element.querySelectorAll("[data-action]")) this.listen(button);
    addEventListener("keydown", (event) => this.onKey(event, true));
    addEventListener("keyup", (event) => this.onKey(event, false));
    addEventListener("blur", () => this.release());
    document.addEventListener("visibilitychange", () => this.release());
  }

  listen(button) {
    for (const key of button.dataset.keys.split(" ").filter(Boolean)) this.byKey.set(nameOf(key), button);
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      button.setPointerCapture(event.pointerId);
      this.press(button);
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) button.addEventListener(name, () => this.lift(button));
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    // Enter on a focused button, and screen readers, give a click without a pointer: a short press.
    button.addEventListener("click", (event) => {
      if (event.detail) return;
      this.press(button);
      setTimeout(() => this.lift(button), 150);
    });
  }

  onKey(event, isDown) {
    if (event.ctrlKey || event.altKey || event.metaKey || this.element.hidden) return;
    const button = this.byKey.get(nameOf(event.key));
    if (!button || event.target.matches?.("input, textarea, select")) return;
    event.preventDefault();
    if (isDown && !event.repeat) this.press(button);
    if (!isDown) this.lift(button);
  }

  press(button) {
    this.stack = [...this.stack.filter((each) => each !== button), button];
    this.show();
  }

  lift(button) {
    this.stack = this.stack.filter((each) => each !== button);
    this.show();
  }

  release() {
    this.stack = [];
    this.show();
  }

  /** The key that was pressed last counts; the ones below it come back when it is let go. */
  show() {
    const top = this.stack.at(-1);
    for (const button of this.byKey.values()) button.setAttribute("aria-pressed", String(button === top));
    const action = top ? Number(top.dataset.action) : this.idle;
    if (action === this.last || (this.last === null && !top)) return;
    this.last = action;
    this.hold(action);
  }
}
