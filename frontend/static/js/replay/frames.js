// Shows rendered pictures of an episode: an animated WebP whose pictures can be reached one by one.

import { word } from "../language/words.js";

const ANIMATION = "ANMF";
const DURATION_AT = 12;

/** Return the times in milliseconds at which the pictures of a WebP file begin; [0] for a still one. */
export function pictureTimes(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nameAt = (at) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || nameAt(0) !== "RIFF" || nameAt(8) !== "WEBP") throw new Error("no WebP file");
  const times = [];
  let now = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    if (nameAt(at) === ANIMATION && at + 8 + 16 <= bytes.length) {
      times.push(now);
      const start = at + 8 + DURATION_AT;
      now += bytes[start] | (bytes[start + 1] << 8) | (bytes[start + 2] << 16);
    }
    at += 8 + size + (size % 2);
  }
  return times.length ? times : [0];
}

export class Frames {
  constructor(replay) {
    this.replay = replay;
    this.aspect = 16 / 9;
    this.image = null;
    this.wanted = 0;
  }

  /** Take a WebP file; `redraw` is called whenever another picture is ready. Say whether this browser can step through it. */
  async take(bytes, redraw) {
    if (!("ImageDecoder" in globalThis)) return false;
    this.redraw = redraw;
    // One turn lasts as many milliseconds as the file's writer says in the header: see arenas/pictures.py.
    const unit = Math.max(1, Math.round(1000 / this.replay.fps));
    this.starts = pictureTimes(bytes).map((time) => Math.round(time / unit));
    this.decoder = new ImageDecoder({ data: bytes, type: "image/webp" });
    await this.decode();
    this.aspect = this.image.displayWidth / this.image.displayHeight;
    return true;
  }

  indexAt(frame) {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.starts[middle] <= frame) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Decode the wanted picture; whoever asks meanwhile is served by the loop that runs already. */
  async decode() {
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.shown !== this.wanted) {
        const index = this.wanted;
        const { image } = await this.decoder.decode({ frameIndex: index });
        this.image?.close();
        this.image = image;
        this.shown = index;
        this.redraw?.();
      }
    } finally {
      this.busy = false;
    }
  }

  draw(context, width, height, position) {
    if (!this.image) return;
    this.wanted = this.indexAt(Math.floor(position));
    if (this.wanted !== this.shown) this.decode();
    const scale = Math.min(width / this.image.displayWidth, height / this.image.displayHeight);
    const [wide, high] = [this.image.displayWidth * scale, this.image.displayHeight * scale];
    context.imageSmoothingEnabled = scale < 3;
    context.drawImage(this.image, (width - wide) / 2, (height - high) / 2, wide, high);
  }

  describe(frame) {
    return this.image ? word("Picture of step {step}.", { step: frame }) : word("No pictures were made of this episode yet.");
  }
}
