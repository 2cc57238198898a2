// The tabs of a site's page: chat, preview, versions. Links and forms that load the page anew keep the tab.
import { find, findAll } from "./dom.js";
import { measure } from "./preview_frame.js";
import { stick } from "./thread.js";

const current = () => find(".workspace").dataset.tab;

const show = (name) => {
  find(".workspace").dataset.tab = name;
  findAll(".tab").forEach((tab) => {
    if (tab.dataset.tab === name) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  });
  stick(true);
  measure();
};

// The way to the message box leads to the tab that has it.
document.addEventListener("click", (event) => {
  if (!event.target.closest('a[href="#message"]')) return;
  event.preventDefault();
  show("chat");
  find("#message").focus();
});

// Where chat or versions stand beside the preview, they stay there.
const isWide = () => matchMedia("(min-width: 56.01rem)").matches;

const keepTab = (link) => {
  const address = new URL(link.href);
  address.searchParams.set("tab", current());
  link.href = address;
};

document.addEventListener("click", (event) => {
  const tab = event.target.closest(".tab");
  if (tab && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    show(tab.dataset.tab);
  }
  const staying = event.target.closest("[data-keep-tab]") || (isWide() && event.target.closest("[data-view]"));
  if (staying) keepTab(staying);
});

// Forms are told which tab is open; a page of its own, such as a question, has no tabs.
const tellForms = () => {
  if (find(".workspace")) findAll("[data-current-tab]").forEach((field) => { field.value = current(); });
};
document.addEventListener("change", tellForms);
document.addEventListener("htmx:afterSwap", tellForms);
