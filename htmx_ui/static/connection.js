// Says when PageWright can't be reached, or answers with something else than a notice of ours, such as a proxy in between.
import { find } from "./dom.js";

const unreachable = () => {
  const text = document.body.dataset.sayUnreachable;
  const box = Object.assign(document.createElement("div"), { className: "notice bad" });
  box.setAttribute("role", "alert");
  box.append(Object.assign(document.createElement("p"), { textContent: text }));
  find("#flash").replaceChildren(box);
  setTimeout(() => box.remove(), 8000);
};

document.addEventListener("htmx:sendError", unreachable);
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400 || xhr.responseText.includes('class="notice')) return;
  event.detail.shouldSwap = false;
  unreachable();
});
