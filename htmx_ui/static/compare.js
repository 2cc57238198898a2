// Two versions of a page: how much of the later one is shown, and the way from change to change.
import { find, findAll } from "./dom.js";

let at = 0;

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-compare-at]")) find(".shots").style.setProperty("--at", event.target.value);
});

const numbers = () => [...new Set([...findAll("[data-mark]")].map(({ dataset }) => Number(dataset.mark)))].sort((a, b) => a - b);

const next = () => {
  const known = numbers();
  if (!known.length) return;
  at = known.find((number) => number > at) ?? known[0];
  findAll("[data-mark]").forEach((mark) => mark.classList.toggle("current", Number(mark.dataset.mark) === at));
  const marks = [...findAll(`[data-mark="${at}"]`)];
  marks.at(-1).scrollIntoView({ block: "center" });
  find("[data-change-told]").textContent = `${at}. ${find(`[data-told="${at}"]`).textContent}`;
};

document.addEventListener("click", (event) => { if (event.target.closest("[data-next-change]")) next(); });
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=range]), textarea, select");
  if (event.key === "n" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey && find("[data-next-change]")) next();
});
