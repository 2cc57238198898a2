// Whoever is asked to sign in and does so by a link, in another tab, gets back to where they were, within an hour.
import { find } from "./dom.js";
import { parsed, read, remove, write } from "./kept.js";

const NAME = "pagewright:next";
const HOUR = 3600000;

const kept = find("[data-next-kept]");
const filled = find("[data-next-filled]");

if (kept) write(NAME, JSON.stringify({ address: kept.value, at: Date.now() }));
if (filled) {
  const wanted = parsed(read(NAME));
  if (wanted && Date.now() - wanted.at < HOUR) filled.value = wanted.address;
  filled.form.addEventListener("submit", () => remove(NAME));
}
