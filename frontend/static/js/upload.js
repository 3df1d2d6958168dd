// Turns the file input of _drop_zone.html into a drop zone with a size check and a progress bar.
// Works on <form data-upload>; without this file the form is sent as any other.

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

function complaint(zone, input) {
  const file = input.files[0];
  if (!file) return "";
  const accepted = input.accept.split(",").map((ending) => ending.trim().toLowerCase()).filter(Boolean);
  if (accepted.length && !accepted.some((ending) => file.name.toLowerCase().endsWith(ending))) {
    return `${file.name} is not one of ${accepted.join(", ")}.`;
  }
  if (file.size === 0) return `${file.name} is empty.`;
  if (file.size > Number(zone.dataset.maxBytes)) {
    return `${file.name} has ${megabytes(file.size)}; the limit is ${zone.dataset.maxLabel}. Leave out what the agent does not load.`;
  }
  return "";
}

function say(zone, text) {
  const list = zone.querySelector(".errors");
  list.replaceChildren();
  if (!text) return;
  const item = document.createElement("li");
  item.textContent = text;
  list.append(item);
}

function check(zone, input) {
  const text = complaint(zone, input);
  input.setCustomValidity(text);
  input.setAttribute("aria-invalid", String(Boolean(text)));
  say(zone, text);
  return !text;
}

function showShare(zone, sent, total) {
  const share = Math.round((100 * sent) / total);
  zone.querySelector("progress").value = share;
  zone.querySelector("[data-upload-share]").textContent = `${megabytes(sent)} of ${megabytes(total)}, ${share} %`;
}

function send(form, zone, input) {
  const file = input.files[0];
  const bar = zone.querySelector("[data-upload-progress]");
  const button = form.querySelector("button[type=submit]");
  bar.hidden = false;
  button.disabled = true;
  zone.querySelector("[data-upload-name]").textContent = file.name;
  showShare(zone, 0, file.size);
  const request = new XMLHttpRequest();
  const fail = (text) => {
    bar.hidden = true;
    button.disabled = false;
    say(zone, text);
  };
  request.open(form.method, form.action);
  // The answer's final address is where the browser goes; a page with errors is shown in place.
  request.upload.addEventListener("progress", (event) => showShare(zone, event.loaded, event.total));
  request.addEventListener("load", () => {
    const moved = request.responseURL && request.responseURL !== form.action;
    if (request.status < 400 && moved) location.assign(request.responseURL);
    else replacePage(request, fail);
  });
  request.addEventListener("error", () => fail("The connection was lost; nothing was submitted. Try again."));
  request.send(new FormData(form));
}

function replacePage(request, fail) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main) {
    fail(`The server answered ${request.status}; nothing was submitted. Try again in a minute.`);
    return;
  }
  document.querySelector("main").replaceWith(document.adoptNode(main));
  document.querySelectorAll("form[data-upload]").forEach(enhance);
  main.focus();
}

function enhance(form) {
  const zone = form.querySelector(".drop");
  const input = zone?.querySelector("input[type=file]");
  if (!input) return;
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length !== 1) {
      say(zone, "Drop one file: agent.py, a model (.onnx), or one archive with everything in it.");
      return;
    }
    input.files = event.dataTransfer.files;
    check(zone, input);
  });
  input.addEventListener("change", () => check(zone, input));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (check(zone, input)) send(form, zone, input);
  });
}

document.querySelectorAll("form[data-upload]").forEach(enhance);
