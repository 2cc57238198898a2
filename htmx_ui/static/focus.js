// Focus stays where it was: after a part of the page is replaced, and after a dialog closes.
import { find, findAll } from "./dom.js";

const ATTRIBUTES = ["href", "name", "value", "aria-label"];

const placeOf = (element) => {
  if (!element || element === document.body) return null;
  const form = element.closest("form")?.getAttribute("action");
  return { id: element.id, tag: element.localName, form, values: ATTRIBUTES.map((name) => element.getAttribute(name)) };
};

const isSame = (place) => (element) => element.closest("form")?.getAttribute("action") === place.form
  && ATTRIBUTES.every((name, index) => element.getAttribute(name) === place.values[index]);

const elementAt = (place) => (place.id ? document.getElementById(place.id) : [...findAll(place.tag)].find(isSame(place)));

// What has gone, such as the button that stopped a request, leaves its reader at the message box.
const goTo = (place) => {
  if (!place || document.activeElement !== document.body) return;
  (elementAt(place) ?? find("#message"))?.focus({ preventScroll: true });
};

let held = null;
document.addEventListener("htmx:beforeSwap", () => { held = placeOf(document.activeElement); });
document.addEventListener("htmx:afterSettle", () => goTo(held));

let opener = null;
export const openModal = (dialog) => {
  opener = placeOf(document.activeElement);
  dialog.showModal();
};
find("#dialog").addEventListener("close", () => goTo(opener));
