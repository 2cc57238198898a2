// Times grow old while a page is open.
import { findAll } from "./dom.js";

const UNITS = [[31536000, "year"], [2592000, "month"], [86400, "day"], [3600, "hour"], [60, "minute"]];

const age = (seconds) => {
  const [size, unit] = UNITS.find(([size]) => seconds >= size) ?? [];
  if (!unit) return "just now";
  const number = Math.floor(seconds / size);
  return `${number} ${unit}${number === 1 ? "" : "s"} ago`;
};

setInterval(() => findAll("time[datetime]").forEach((time) => {
  time.textContent = age((Date.now() - Date.parse(time.dateTime)) / 1000);
}), 30000);
