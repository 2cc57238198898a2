// The thread stays at its end unless somebody scrolled up, and catches up when somebody comes back to the page.
import { find, findAll } from "./dom.js";

const AWAY_MILLISECONDS = 10000;
const atEnd = new WeakMap();

export const stick = (force) => findAll("[data-stick]").forEach((box) => {
  if (force || atEnd.get(box) !== false) box.scrollTop = box.scrollHeight;
});

// Earlier messages come above what one reads, which stays where it is.
let below = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const box = detail.target.closest("#earlier") && detail.target.closest("[data-stick]");
  below = box && { box, height: box.scrollHeight - box.scrollTop };
});

document.addEventListener("htmx:afterSwap", () => {
  if (below) below.box.scrollTop = below.box.scrollHeight - below.height;
  else stick(false);
  below = null;
});

let left = 0;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) left = Date.now();
  else if (Date.now() - left > AWAY_MILLISECONDS && find("#thread")) htmx.trigger(document.body, "settled");
});

document.addEventListener("DOMContentLoaded", () => {
  findAll("[data-stick]").forEach((box) => {
    box.addEventListener("scroll", () => atEnd.set(box, box.scrollHeight - box.scrollTop - box.clientHeight < 80));
  });
  stick(true);
});
