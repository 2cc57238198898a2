// What asks again by itself does not while nobody sees it, nor under the hands of somebody who selects or tabs in it.
import { find } from "./dom.js";

const IN_USE_MILLISECONDS = 20000;
let touched = 0;
const touch = () => { touched = Date.now(); };

const inUse = (box) => {
  const selected = getSelection();
  const inside = box.contains(document.activeElement) || (!selected.isCollapsed && box.contains(selected.anchorNode));
  return inside && Date.now() - touched < IN_USE_MILLISECONDS;
};

document.addEventListener("selectionchange", touch);
document.addEventListener("focusin", touch);
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("[data-poll]") && (document.hidden || inUse(event.target))) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && find("[data-poll]")) htmx.trigger(find("[data-poll]"), "look");
});
