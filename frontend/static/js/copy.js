// Copy buttons of code blocks: [data-copy] copies the <pre> of its figure, or the text in its own value.

import { word } from "./language/words.js";

async function copy(button) {
  const label = button.querySelector("span") ?? button;
  const before = label.textContent;
  const text = button.dataset.copy || button.closest("figure")?.querySelector("pre")?.textContent || "";
  try {
    await navigator.clipboard.writeText(text);
    label.textContent = word("Copied");
  } catch {
    label.textContent = word("Select and copy by hand");
  }
  setTimeout(() => { label.textContent = before; }, 2000);
}

function reveal() {
  // The clipboard exists on https and localhost only; elsewhere the button stays hidden.
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = !navigator.clipboard;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) copy(button);
});
document.addEventListener("htmx:after:swap", reveal);
reveal();
