// Sends <form data-upload> with a progress bar, and turns the file input of _drop_zone.html into a drop zone for a file
// or a folder. Without this file the form is sent as any other.

import { chosenFolder, droppedFolder } from "./folder.js";
import { word } from "./language/words.js";
import { zip } from "./zip.js";

const SHOWN_FILES = 200;

function amount(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(bytes < 10240 ? 1 : 0)} kB`;
  return `${(bytes / 1024 / 1024).toFixed(bytes < 10485760 ? 1 : 0)} MB`;
}

function element(tag, text, ...children) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

class Zone {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input[name]");
    this.told = box.querySelector(".sent");
    this.input.addEventListener("change", () => this.show([...this.input.files].map((file) => ({ name: file.name, file })), []));
    box.addEventListener("dragover", (event) => {
      event.preventDefault();
      box.classList.add("over");
    });
    box.addEventListener("dragleave", () => box.classList.remove("over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      box.classList.remove("over");
      this.take(event.dataTransfer);
    });
    this.offerFolder();
  }

  offerFolder() {
    const place = this.box.querySelector("[data-folder]");
    const chooser = place?.querySelector("input");
    if (!chooser || !("webkitdirectory" in chooser)) return;
    place.hidden = false;
    place.querySelector("button").addEventListener("click", () => chooser.click());
    chooser.addEventListener("change", () => {
      if (chooser.files.length) this.pack(chosenFolder(chooser.files));
      chooser.value = "";
    });
  }

  async take(transfer) {
    const single = transfer.files.length === 1 ? transfer.files[0] : null;
    // Entries must be asked for before anything is waited for: afterwards the drop is empty.
    const folder = await droppedFolder(transfer).catch(() => null);
    if (folder) await this.pack(folder);
    else if (single) this.put(single, [{ name: single.name, file: single }], []);
  }

  async pack({ files, leftOut }) {
    const problem = this.problemOf(files);
    if (problem) {
      this.clear();
      this.list(files, leftOut, files.reduce((sum, each) => sum + each.file.size, 0));
      this.say(problem);
      return;
    }
    this.put(new File([await zip(files)], "agent.zip", { type: "application/zip" }), files, leftOut);
  }

  problemOf(files) {
    if (!files.some(({ name }) => ["agent.py", "policy.onnx", "policy.toml"].includes(name))) {
      return word("There is no agent.py at the top of this folder, and no policy.onnx.");
    }
    const total = files.reduce((sum, each) => sum + each.file.size, 0);
    return total > Number(this.box.dataset.maxBytes) ? this.tooLarge(word("The folder"), total) : "";
  }

  tooLarge(what, size) {
    const values = { what, size: amount(size), limit: this.box.dataset.maxLabel };
    return word("{what} has {size}; the limit is {limit}. Leave out what the agent does not load.", values);
  }

  clear() {
    this.input.files = new DataTransfer().files;
  }

  put(file, files, leftOut) {
    const transfer = new DataTransfer();
    transfer.items.add(file);
    this.input.files = transfer.files;
    this.show(files, leftOut);
  }

  show(files, leftOut) {
    const file = this.input.files[0];
    if (file) this.list(files, leftOut, file.size);
    else this.told.replaceChildren();
    this.check();
  }

  list(files, leftOut, total) {
    const words = this.told.dataset;
    const count = files.length === 1 ? words.one : words.many.replace("%", files.length);
    const left = leftOut.length ? `; ${words.leftOut}: ${leftOut.slice(0, 8).join(", ")}` : "";
    const name = files.length === 1 ? `${files[0].name}, ` : `${count}, `;
    this.told.replaceChildren(element("p", `${name}${amount(total)} ${words.of} ${this.box.dataset.maxLabel}${left}`));
    if (files.length < 2) return;
    const rows = files.slice(0, SHOWN_FILES).map(({ name: path, file }) =>
      element("li", "", element("span", path), element("span", amount(file.size))));
    this.told.append(element("details", "", element("summary", words.show), element("ul", "", ...rows)));
  }

  complaint() {
    const file = this.input.files[0];
    if (!file) return "";
    const accepted = this.input.accept.split(",").map((ending) => ending.trim().toLowerCase()).filter(Boolean);
    if (accepted.length && !accepted.some((ending) => file.name.toLowerCase().endsWith(ending))) {
      return word("{file} is not one of {endings}.", { file: file.name, endings: accepted.join(", ") });
    }
    if (file.size === 0) return word("{file} is empty.", { file: file.name });
    return file.size > Number(this.box.dataset.maxBytes) ? this.tooLarge(file.name, file.size) : "";
  }

  check() {
    const text = this.complaint();
    this.input.setCustomValidity(text);
    this.say(text);
    return !text && this.input.files.length > 0;
  }

  say(text) {
    this.input.setAttribute("aria-invalid", String(Boolean(text)));
    this.box.querySelector(".errors").replaceChildren(...(text ? [element("li", text)] : []));
  }

  showShare(sent, total) {
    this.box.querySelector("[data-upload-progress]").hidden = false;
    this.box.querySelector("progress").value = Math.round((100 * sent) / total);
    this.box.querySelector("[data-upload-name]").textContent = this.input.files[0]?.name ?? "";
    this.box.querySelector("[data-upload-share]").textContent =
      word("{sent} of {total}, {share} %", { sent: amount(sent), total: amount(total), share: Math.round((100 * sent) / total) });
  }

  stop(text) {
    this.box.querySelector("[data-upload-progress]").hidden = true;
    this.say(text);
  }
}

// Lets the server see whether the file arrived as it was sent; only secure pages have the function.
async function digestOf(file) {
  if (!file || !window.crypto?.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function sayOf(form, zone, text) {
  if (zone) zone.stop(text);
  else form.querySelector("[data-draft-state]").textContent = text;
}

async function send(form, zone, pressed) {
  const buttons = form.querySelectorAll("button[type=submit]");
  const file = zone?.input.files[0];
  const address = pressed?.formAction || form.action;
  buttons.forEach((button) => { button.disabled = true; });
  const fail = (text) => {
    buttons.forEach((button) => { button.disabled = false; });
    sayOf(form, zone, text);
  };
  try {
    if (form.elements.sha256) form.elements.sha256.value = await digestOf(file);
  } catch {
    // Saved anew or deleted after it was chosen: the browser does not read it any more.
    return fail(word("{file} changed after you chose it. Choose it again.", { file: file.name }));
  }
  const request = new XMLHttpRequest();
  request.open(form.method, address);
  if (zone) {
    zone.showShare(0, file.size);
    request.upload.addEventListener("progress", (event) => zone.showShare(event.loaded, event.total));
  }
  // The answer's final address is where the browser goes; a page with errors is shown in place.
  request.addEventListener("load", () => {
    const moved = request.responseURL && request.responseURL !== address;
    if (request.status < 400 && moved) location.assign(request.responseURL);
    else replacePage(request, file, () => fail(form.dataset.broken));
  });
  request.addEventListener("error", () => fail(form.dataset.lost));
  request.send(new FormData(form));
}

function replacePage(request, file, fail) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main?.querySelector("form[data-upload]")) {
    fail();
    return;
  }
  document.querySelector("main").replaceWith(document.adoptNode(main));
  const zone = enhanceAll();
  if (zone && file) {
    // The page is new, the file is still in hand: nobody has to choose it again.
    const errors = [...zone.box.querySelectorAll(".errors li")];
    zone.put(file, [{ name: file.name, file }], []);
    zone.box.querySelector(".errors").replaceChildren(...errors);
    document.querySelector("[data-file-lost]")?.remove();
  }
  document.dispatchEvent(new Event("page:replaced"));
  main.focus();
}

function enhance(form) {
  const box = form.querySelector(".drop");
  const zone = box ? new Zone(box) : null;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!zone || zone.check()) send(form, zone, event.submitter);
  });
  return zone;
}

function enhanceAll() {
  let last = null;
  for (const form of document.querySelectorAll("form[data-upload]")) last = enhance(form) ?? last;
  return last;
}

enhanceAll();
