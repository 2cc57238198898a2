// Files for a message: chosen, dropped, pasted or photographed. Each is sent at once; the message names those that arrived.
import { find, findAll } from "./dom.js";
import { parsed, readTab, writeTab } from "./kept.js";
import { say } from "./texts.js";

const MOST = 10;
const SIDE = 96;

const form = find("[data-composer]");
const list = form && find("[data-attached-list]", form);
const kept = form && `pagewright:attached:${form.dataset.account}:${form.dataset.site}`;
const files = new WeakMap();
let isWaiting = false;

const chips = (state) => [...findAll("[data-attached]", list)].filter((chip) => !state || chip.dataset.state === state);
const tell = (text) => { find("[data-composer-state] [data-state-text]", form).textContent = text; };

// What arrived stays over a reload.
const keep = () => writeTab(kept, JSON.stringify(chips("arrived").map((chip) => ({
  id: find("[name=attachments]", chip).value, name: find("[data-name]", chip).textContent, use: find("[name=use]", chip).value,
}))));

const set = (chip, state, why = "") => {
  chip.dataset.state = state;
  findAll("[name]", chip).forEach((field) => { field.disabled = state !== "arrived"; });
  find("[data-progress]", chip).hidden = state !== "sending";
  find("[data-why]", chip).textContent = why;
  find("[data-again]", chip).hidden = state !== "lost";
  keep();
  if (isWaiting && !chips("sending").length) {
    isWaiting = false;
    tell("");
    form.requestSubmit();
  }
};

const add = (name) => {
  const chip = find("#attached-template").content.firstElementChild.cloneNode(true);
  find("[data-name]", chip).textContent = name;
  find("[name=attached-name]", chip).value = name;
  list.append(chip);
  return chip;
};

const addArrived = ({ id, name, use }) => {
  const chip = add(name);
  find("[name=attachments]", chip).value = id;
  find("[name=use]", chip).value = use;
  set(chip, "arrived");
};

// A canvas needs no address; what this browser can't draw keeps its icon.
const draw = async (chip, file) => {
  if (!file.type.startsWith("image/")) return;
  try {
    const picture = await createImageBitmap(file, { resizeHeight: SIDE, resizeQuality: "medium" });
    const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
    canvas.getContext("2d").drawImage(picture, 0, 0);
    find("[data-picture]", chip).replaceChildren(canvas);
  } catch {
    // It has its icon.
  }
};

const whyNot = (xhr) => new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector(".notice p")?.textContent.trim();

const send = (chip) => {
  const xhr = new XMLHttpRequest();
  xhr.open("POST", form.dataset.uploads);
  xhr.setRequestHeader("HX-Request", "true");
  xhr.upload.addEventListener("progress", (event) => { find("[data-progress]", chip).value = event.loaded / event.total; });
  xhr.addEventListener("load", () => {
    const arrived = xhr.status === 201 && parsed(xhr.responseText);
    if (arrived) find("[name=attachments]", chip).value = arrived.id;
    if (arrived) set(chip, "arrived");
    else if (xhr.status >= 400 && xhr.status < 500 && whyNot(xhr)) set(chip, "refused", whyNot(xhr));
    else set(chip, "lost", form.dataset.uploadFailed);
  });
  xhr.addEventListener("error", () => set(chip, "lost", form.dataset.uploadFailed));
  const body = new FormData();
  body.append("file", files.get(chip));
  set(chip, "sending");
  xhr.send(body);
};

const take = (chosen) => {
  for (const file of chosen) {
    if (chips().length >= MOST) {
      tell(form.dataset.tooMany);
      return;
    }
    const chip = add(file.name);
    files.set(chip, file);
    draw(chip, file);
    const limit = Number(form.dataset.fileLimit);
    if (file.size > limit) set(chip, "refused", say(form, "tooLarge", limit / 1048576));
    else send(chip);
  }
};

// Puts back what a message that was not taken had.
export const restore = (fields) => {
  const [ids, names, uses] = ["attachments", "attached-name", "use"].map((name) => fields.getAll(name));
  ids.forEach((id, place) => addArrived({ id, name: names[place], use: uses[place] }));
};

const holdBack = (event) => {
  if (event.target !== form || !window.htmx) return;
  const [faulty] = [...chips("refused"), ...chips("lost")];
  isWaiting = !faulty && chips("sending").length > 0;
  if (!faulty && !isWaiting) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  tell(faulty ? form.dataset.seeFiles : form.dataset.uploading);
  if (faulty) find("[data-remove]", faulty).focus();
};

const start = () => {
  chips().forEach((chip) => set(chip, "arrived"));
  if (!chips().length) (parsed(readTab(kept)) ?? []).forEach(addArrived);
  document.addEventListener("submit", holdBack, true);
  form.addEventListener("reset", () => {
    list.replaceChildren();
    keep();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-attach]")) {
      take(event.target.files);
      event.target.value = "";
    } else if (event.target.matches("[name=use]")) keep();
  });
  list.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-attached]");
    if (event.target.closest("[data-again]")) send(chip);
    if (!event.target.closest("[data-remove]")) return;
    chip.remove();
    keep();
    tell("");
    find("textarea", form).focus();
  });
  form.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    take(event.clipboardData.files);
  });
  const pane = form.closest(".chat");
  const isOfFiles = (event) => [...event.dataTransfer.types].includes("Files");
  pane.addEventListener("dragover", (event) => {
    if (!isOfFiles(event)) return;
    event.preventDefault();
    pane.classList.add("dropping");
  });
  pane.addEventListener("dragleave", (event) => { if (!pane.contains(event.relatedTarget)) pane.classList.remove("dropping"); });
  pane.addEventListener("drop", (event) => {
    pane.classList.remove("dropping");
    if (!isOfFiles(event)) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
};

if (form) start();
