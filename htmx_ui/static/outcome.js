// Tells how a request ended: once to a screen reader, and in the browser's title until somebody looks at the page.
import { find, findAll } from "./dom.js";

const LONGEST = 300;
const title = document.title;
const watched = new Set();

const isLookedAt = () => !document.hidden && document.hasFocus();

const said = (turn) => [...findAll(".failed strong, .answer, .version-chip", turn)]
  .map((part) => part.textContent.trim()).join(" ").slice(0, LONGEST);

const tell = (turn) => {
  find("[data-announce]").textContent = `${turn.dataset.outcome}. ${said(turn)}`;
  if (!isLookedAt()) document.title = `${turn.dataset.outcome} · ${title}`;
};

const look = () => findAll("#thread .turn").forEach((turn) => {
  if (turn.dataset.outcome === undefined) watched.add(turn.id);
  else if (watched.delete(turn.id)) tell(turn);
});

const calmDown = () => { if (isLookedAt()) document.title = title; };
document.addEventListener("visibilitychange", calmDown);
window.addEventListener("focus", calmDown);
document.addEventListener("htmx:afterSettle", look);
look();
