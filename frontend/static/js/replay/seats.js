// The colours of the seats: the replay's own, the page's, or as many hues as there are seats.

const NAMED = 8;
const GOLDEN_ANGLE = 137.508;
const COLOUR = /^(#[0-9a-f]{6})(?: (#[0-9a-f]{6}))?$/i;

/** Give every seat of `replay` a custom property --seat-N on `root`; N goes on beyond the page's own eight. */
export function colourSeats(root, replay) {
  for (let seat = 0; seat < replay.seats; seat += 1) {
    const own = COLOUR.exec(replay.colours?.[seat] ?? "");
    const hue = (seat * GOLDEN_ANGLE + 20) % 360;
    if (own) root.style.setProperty(`--seat-${seat}`, own[2] ? `light-dark(${own[1]}, ${own[2]})` : own[1]);
    else if (seat >= NAMED) root.style.setProperty(`--seat-${seat}`, `oklch(0.6 0.13 ${hue})`);
  }
}

/** Mark `element` as belonging to a seat. */
export function markSeat(element, seat) {
  element.dataset.seat = seat;
  if (seat >= NAMED) element.style.setProperty("--seat", `var(--seat-${seat})`);
  return element;
}

export const seatColour = (seat) => `var(--seat-${seat})`;
