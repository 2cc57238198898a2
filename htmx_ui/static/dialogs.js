// Dialogs: htmx fills #dialog, this opens and closes it.
import { find } from "./dom.js";
import { openModal } from "./focus.js";

const dialog = () => find("#dialog");

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "dialog" && !dialog().open && dialog().childElementCount) openModal(dialog());
});

document.addEventListener("click", (event) => {
  if (!dialog().open || !(event.target.closest("[data-close]") || event.target === dialog())) return;
  event.preventDefault();
  dialog().close();
});
