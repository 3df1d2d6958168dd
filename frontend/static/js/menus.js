// Closes <details class="menu"> on Escape or a click elsewhere, opens the search with Ctrl K or /, and turns
// <details data-confirm> into modal dialogs.

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

function openAsDialog(details) {
  const form = details.querySelector("form");
  const dialog = document.createElement("dialog");
  dialog.className = "modal";
  dialog.setAttribute("aria-labelledby", form.querySelector("h2").id);
  form.classList.remove("card");
  const close = form.querySelector("[data-confirm-close]");
  close.hidden = false;
  close.addEventListener("click", () => dialog.close(), { once: true });
  dialog.append(form);
  dialog.addEventListener("close", () => {
    form.reset();
    form.classList.add("card");
    details.append(form);
    dialog.remove();
    details.querySelector("summary").focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector("input[name=confirm]").focus();
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest?.("details.menu"));
  const summary = event.target.closest?.("[data-confirm] > summary");
  if (summary) {
    event.preventDefault();
    openAsDialog(summary.parentElement);
  }
});
function wantsSearch(event) {
  if (event.key === "k" && (event.ctrlKey || event.metaKey)) return true;
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable], [role=application]");
  return event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping;
}

document.querySelector("#search")?.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector("input").focus();
});
document.addEventListener("keydown", (event) => {
  const search = document.querySelector("#search");
  if (!search || event.defaultPrevented || !wantsSearch(event)) return;
  event.preventDefault();
  closeMenus(search);
  search.open = true;
});
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.menu[open]");
  if (event.key === "Escape" && menu) {
    closeMenus();
    menu.querySelector("summary").focus();
  }
});
