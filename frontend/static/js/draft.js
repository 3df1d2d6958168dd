// Keeps what is written in the editor in this browser: [data-draft] names the entry of the local storage. A page that
// brings text of its own (data-draft-first) is not overwritten; it becomes the draft with the first change.

const PAUSE = 600;

function storage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function keep(box) {
  const store = storage();
  const field = box.querySelector("textarea");
  const form = box.closest("form");
  const state = box.querySelector("[data-draft-state]");
  const anew = box.querySelector("[data-draft-anew]");
  const starter = box.querySelector("[data-starter]").content.textContent;
  const names = ["name", "note"];
  if (!store) return;

  const put = (text) => {
    field.value = text;
    field.dispatchEvent(new Event("editor:set"));
  };
  const kept = JSON.parse(store.getItem(box.dataset.draft) ?? "null");
  if (kept && !("draftFirst" in box.dataset) && kept.code !== field.value) {
    put(kept.code);
    for (const name of names) if (kept[name] && form.elements[name]) form.elements[name].value = kept[name];
    state.textContent = state.dataset.restored;
  }
  anew.hidden = field.value === starter;
  anew.addEventListener("click", () => {
    put(starter);
    store.removeItem(box.dataset.draft);
    state.textContent = "";
    anew.hidden = true;
    field.dispatchEvent(new Event("editor:focus"));
  });

  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const draft = { code: field.value };
      for (const name of names) draft[name] = form.elements[name]?.value ?? "";
      try {
        store.setItem(box.dataset.draft, JSON.stringify(draft));
        state.textContent = state.dataset.saved;
      } catch {
        state.textContent = "";  // The browser has no room; the form itself is as good as before.
      }
      anew.hidden = field.value === starter;
    }, PAUSE);
  });
}

function keepAll() {
  document.querySelectorAll("[data-draft]:not([data-kept])").forEach((box) => {
    box.dataset.kept = "";
    keep(box);
  });
}

keepAll();
document.addEventListener("page:replaced", keepAll);
