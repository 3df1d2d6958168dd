// Writes a zip without compression: what trained agents consist of hardly shrinks. Sorted names and a fixed time give
// the same bytes for the same files, so that a folder sent twice is seen to be the same.

const TABLE = new Uint32Array(256).map((_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
const VERSION = 20;
const UTF8 = 0x0800;
const NEW_YEAR_1980 = 0x0021;
const ORDINARY_FILE = 0o100644 * 0x10000;
const MADE_ON_UNIX = 0x0300 | VERSION;

function checksum(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ TABLE[(value ^ byte) & 0xff];
  return (value ^ 0xffffffff) >>> 0;
}

// Fields are [bytes, value]; zip is little-endian.
function record(fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [width]) => sum + width, 0)));
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return new Uint8Array(view.buffer);
}

export async function zip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  const sorted = [...files].sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const { name, file } of sorted) {
    const content = new Uint8Array(await file.arrayBuffer());
    const label = new TextEncoder().encode(name);
    const both = [
      [2, VERSION], [2, UTF8], [2, 0], [2, 0], [2, NEW_YEAR_1980], [4, checksum(content)],
      [4, content.length], [4, content.length], [2, label.length], [2, 0],
    ];
    const head = record([[4, 0x04034b50], ...both]);
    parts.push(head, label, content);
    directory.push(
      record([[4, 0x02014b50], [2, MADE_ON_UNIX], ...both, [2, 0], [2, 0], [2, 0], [4, ORDINARY_FILE], [4, offset]]), label,
    );
    offset += head.length + label.length + content.length;
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  const end = record([
    [4, 0x06054b50], [2, 0], [2, 0], [2, sorted.length], [2, sorted.length], [4, length], [4, offset], [2, 0],
  ]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}
