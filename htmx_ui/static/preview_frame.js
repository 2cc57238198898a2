// The preview's screen: a desktop's or a phone's, scaled to the room there is.
import { find, findAll } from "./dom.js";

let device = "desktop";

const showDevice = () => {
  const preview = find("#preview");
  if (!preview) return;
  preview.dataset.device = device;
  findAll("[data-device-choice]", preview).forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.deviceChoice === device));
  });
};

// A desktop page keeps its 1280 pixels: workspace.css scales it.
export const measure = () => {
  const stage = find("#preview .stage");
  const room = stage ? stage.clientWidth - 28 : 0;
  if (room > 0) stage.style.setProperty("--scale", String(Math.min(1, room / 1280)));
};

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-device-choice]");
  if (choice) {
    device = choice.dataset.deviceChoice;
    showDevice();
  }
});

document.addEventListener("htmx:afterSwap", () => {
  showDevice();
  measure();
});
document.addEventListener("DOMContentLoaded", measure);
window.addEventListener("resize", measure);
