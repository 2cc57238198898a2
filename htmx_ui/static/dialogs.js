// Dialogs: htmx fills #dialog, this opens and closes it.
import { find } from "./dom.js";

const dialog = () => find("#dialog");

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "dialog" && !dialog().open && dialog().childElementCount) dialog().showModal();
});

document.addEventListener("click", (event) => {
  if (!dialog().open || !(event.target.closest("[data-close]") || event.target === dialog())) return;
  event.preventDefault();
  dialog().close();
});
