// The composer: sends by the keyboard, counts what still fits, and takes an example over.
import { find } from "./dom.js";
import { stick } from "./thread.js";

const countDown = (area) => {
  const left = Number(area.dataset.limit) - area.value.length;
  const note = find("[data-remaining]", area.form);
  note.textContent = left < 1000 ? `${left.toLocaleString()} characters left` : "";
  note.classList.toggle("few", left < 100);
};

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-limit]")) countDown(event.target);
});

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-fill]");
  if (!chip) return;
  const area = find("#message");
  area.value = chip.textContent;
  countDown(area);
  area.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-composer] textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.matches("[data-composer]") || !event.detail.successful) return;
  const area = find("#message");
  // What was typed since it was sent stays.
  if (area.value.trim() === event.detail.requestConfig.formData.get("message").trim()) event.target.reset();
  countDown(area);
  stick(true);
});
