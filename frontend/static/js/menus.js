// Closes <details class="menu"> on Escape or a click elsewhere, and turns <details data-confirm> into modal dialogs.

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
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.menu[open]");
  if (event.key === "Escape" && menu) {
    closeMenus();
    menu.querySelector("summary").focus();
  }
});
