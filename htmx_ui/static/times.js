// Times grow old while a page is open. What is behind "5 minutes ago" is told in the viewer's own zone.
import { findAll } from "./dom.js";

const UNITS = [[31536000, "year"], [2592000, "month"], [86400, "day"], [3600, "hour"], [60, "minute"]];

// The page's language as the viewer writes it: British or American, Austrian or Swiss.
const { lang } = document.documentElement;
const locale = navigator.languages.find((one) => one.split("-")[0].toLowerCase() === lang) ?? lang;
const relative = new Intl.RelativeTimeFormat(locale);
const absolute = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "long" });

const age = (seconds) => {
  const [size, unit] = UNITS.find(([size]) => seconds >= size) ?? [];
  return unit ? relative.format(-Math.floor(seconds / size), unit) : document.body.dataset.sayNow;
};

const tell = () => findAll("time[datetime]").forEach((time) => {
  const at = Date.parse(time.dateTime);
  time.textContent = age((Date.now() - at) / 1000);
  time.title = absolute.format(at);
});

tell();
setInterval(tell, 30000);
document.addEventListener("htmx:afterSettle", tell);
