// The account's menu closes by Escape and by a click elsewhere.
import { find } from "./dom.js";

const openMenu = () => find(".menu[open]");

document.addEventListener("click", (event) => {
  if (openMenu() && !event.target.closest(".menu")) openMenu().open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !openMenu()) return;
  find("summary", openMenu()).focus();
  openMenu().open = false;
});
