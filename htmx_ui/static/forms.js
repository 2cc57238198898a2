// Forms in general: sent by a choice, sent once, an address derived from a title, an archive where one is needed.
import { find, findAll } from "./dom.js";

// "Mira’s Bakery" becomes "miras-bakery", until the address was edited by hand.
const addressOf = (title) => title.normalize("NFKD").toLowerCase()
  .replaceAll("ß", "ss").replace(/[\u0300-\u036f'’]/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")
  .slice(0, 40).replace(/-$/, "");

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.dataset.derives) {
    const target = field.form.elements[field.dataset.derives];
    if (!target.dataset.edited) target.value = addressOf(field.value);
  } else if (field.name === "name") field.dataset.edited = "yes";
});

// After tabs.js has told the form which tab is open.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  if (event.target.name === "template") {
    event.target.form.elements.archive.required = event.target.value === "import";
  }
});

document.addEventListener("submit", (event) => {
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
