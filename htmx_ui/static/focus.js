// Focus stays where it was: after a part of the page is replaced, and after a dialog closes.
import { find, findAll } from "./dom.js";

const ATTRIBUTES = ["href", "name", "value", "aria-label"];

const placeOf = (element) => {
  if (!element || element === document.body) return null;
  const form = element.closest("form")?.getAttribute("action");
  return { id: element.id, other: element.dataset.else, tag: element.localName, form, values: ATTRIBUTES.map((name) => element.getAttribute(name)) };
};

const isSame = (place) => (element) => element.closest("form")?.getAttribute("action") === place.form
  && ATTRIBUTES.every((name, index) => element.getAttribute(name) === place.values[index]);

const elementAt = (place) => (place.id ? document.getElementById(place.id) : [...findAll(place.tag)].find(isSame(place)));

// What has gone, such as the button that stopped a request, leaves its reader at the message box.
const goTo = (place) => {
  if (!place) return;
  [elementAt(place), document.getElementById(place.other), find("#message")].forEach((element) => {
    if (document.activeElement === document.body) element?.focus({ preventScroll: true });
  });
};

let held = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.shouldSwap) return; // nothing settles then, and the place would wait for another time
  // A button that is disabled while its form is sent has lost the focus; so has one that a part replaced just now.
  held = placeOf(document.activeElement) ?? placeOf(detail.requestConfig.triggeringEvent?.submitter) ?? held;
});
document.addEventListener("htmx:afterSettle", () => {
  goTo(held);
  held = null;
});

let opener = null;
export const openModal = (dialog) => {
  opener = placeOf(document.activeElement);
  dialog.showModal();
};
find("#dialog").addEventListener("close", () => goTo(opener));
