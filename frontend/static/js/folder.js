// Which files of a folder are sent: what was dropped or chosen, without what no agent needs. The same names are left out
// by `coliseum submit` (workers/packing.py).

const LEFT_OUT = new Set(["__pycache__", "__MACOSX", "node_modules", "venv"]);
const MOST_FILES = 20000;

function isLeftOut(path) {
  return path.split("/").some((part) => part.startsWith(".") || LEFT_OUT.has(part)) || path.endsWith(".pyc");
}

function sorted(found) {
  const files = [];
  const leftOut = new Set();
  for (const { name, file } of found) {
    if (isLeftOut(name)) leftOut.add(name.split("/").find((part) => isLeftOut(part)));
    else files.push({ name, file });
  }
  return { files, leftOut: [...leftOut].sort() };
}

// Of <input webkitdirectory>: names below the chosen folder.
export function chosenFolder(list) {
  return sorted([...list].map((file) => ({ name: file.webkitRelativePath.split("/").slice(1).join("/"), file })));
}

function children(folder) {
  const reader = folder.createReader();
  // A reader gives a hundred at a time, and nothing at the end.
  const next = () => new Promise((done, fail) => reader.readEntries(done, fail));
  return (async () => {
    const all = [];
    for (let some = await next(); some.length; some = await next()) all.push(...some);
    return all;
  })();
}

async function walk(entry, path, found) {
  if (found.length > MOST_FILES) return;
  if (entry.isDirectory && !isLeftOut(path)) {
    for (const child of await children(entry)) await walk(child, path ? `${path}/${child.name}` : child.name, found);
  } else if (entry.isDirectory) {
    found.push({ name: `${path}/`, file: null });
  } else {
    found.push({ name: path, file: await new Promise((done, fail) => entry.file(done, fail)) });
  }
}

// Of a drop: one folder gives what is in it, several things give them all; one file is no folder.
export async function droppedFolder(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0 || (entries.length === 1 && entries[0].isFile)) return null;
  const found = [];
  const single = entries.length === 1;
  for (const entry of entries) await walk(entry, single ? "" : entry.name, found);
  return sorted(found);
}
