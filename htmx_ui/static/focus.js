// Focus stays where it was, and what was opened stays open, when a part of the page comes anew or a dialog closes.
import { find, findAll } from "./dom.js";

const ATTRIBUTES = ["href", "name", "value", "aria-label"];

// Details are known by the part of the page that they are in.
const keyOf = (details) => {
  const part = details.closest("[id]");
  const alike = part ? [...part.getElementsByTagName("details")].filter((one) => one.className === details.className) : [];
  return [part?.id, details.className, alike.indexOf(details)].join(" ");
};
const foldOf = (element) => (element.localName === "summary" ? keyOf(element.parentElement) : null);

const placeOf = (element) => {
  if (!element || element === document.body) return null;
  const form = element.closest("form")?.getAttribute("action");
  return { id: element.id, other: element.dataset.else, tag: element.localName, form, fold: foldOf(element), values: ATTRIBUTES.map((name) => element.getAttribute(name)) };
};

const isSame = (place) => (element) => element.closest("form")?.getAttribute("action") === place.form
  && foldOf(element) === place.fold && ATTRIBUTES.every((name, index) => element.getAttribute(name) === place.values[index]);

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

// What somebody opened or closed stays so.
const toggled = new Map();
document.addEventListener("click", ({ target }) => {
  const details = target.closest("summary")?.parentElement;
  if (details) toggled.set(keyOf(details), !details.open);
});
document.addEventListener("htmx:afterSwap", () => findAll("#thread details").forEach((details) => {
  details.open = toggled.get(keyOf(details)) ?? details.open;
}));

let opener = null;
export const openModal = (dialog) => {
  opener = placeOf(document.activeElement);
  dialog.showModal();
};
find("#dialog").addEventListener("close", () => goTo(opener));
