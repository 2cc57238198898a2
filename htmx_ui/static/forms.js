// Forms in general: sent by a choice, sent once, an address that follows a title, an archive where one is needed.
import { find, findAll } from "./dom.js";
import { say } from "./texts.js";

// The address follows the title (htmx asks for it), until somebody typed one by hand.
const typesAddress = (form) => form && ("addressed" in form.dataset || form.elements.name === document.activeElement);
document.addEventListener("input", ({ target }) => {
  if (target.id !== "site-name") return;
  if (target.value) target.form.dataset.addressed = "";
  else delete target.form.dataset.addressed;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "site-title" && typesAddress(event.target.form)) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "address-field" && typesAddress(find("form:has(#site-name)"))) event.detail.shouldSwap = false;
});

// After tabs.js has told the form which tab is open.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  if (event.target.matches("[name=template], [name=archive]")) judgeArchive(event.target.form.elements);
});

// A file that is too large is refused before it is sent, and what was typed stays.
function judgeArchive({ archive, template }) {
  const isWanted = !template || template.value === "import";
  const limit = Number(archive.dataset.limit);
  const isTooLarge = isWanted && archive.files[0]?.size > limit;
  archive.required = isWanted;
  archive.setCustomValidity(isTooLarge ? say(archive, "tooLarge", Math.floor(limit / 1048576)) : "");
  if (isTooLarge) archive.reportValidity();
}

document.addEventListener("submit", (event) => {
  // What follows the title may be behind it; an empty field means the title's address.
  const address = event.target.elements["site-name"];
  if (address && !("addressed" in event.target.dataset)) address.value = "";
  // A double click must not make two sites.
  if (event.target.matches("[data-once]")) {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  }
  if (event.target.matches("[data-stop]")) {
    const button = find("button", event.target);
    setTimeout(() => { button.disabled = true; button.textContent = button.dataset.sayStopping; });
  }
});
window.addEventListener("pageshow", () => findAll("[data-sent]").forEach((form) => delete form.dataset.sent));
