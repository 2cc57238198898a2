// The composer: Enter sends, nothing that was written is lost, what does not fit is told.
import { restore } from "./attachments.js";
import { find } from "./dom.js";
import { Draft } from "./drafts.js";
import { random } from "./kept.js";
import { open, post } from "./outbox.js";
import { say } from "./texts.js";
import { stick } from "./thread.js";

const FEW = 1000;
const SENT_MILLISECONDS = 5000;

const form = find("[data-composer]");
const area = form && find("textarea", form);
let draft;

// As the server counts: characters, not the halves that JavaScript has.
const countDown = () => {
  const left = Number(area.dataset.limit) - [...area.value.trim()].length;
  const note = find("[data-remaining]", form);
  const text = left < 0 ? say(form, "tooLong", -left) : left < FEW ? say(form, "left", left) : "";
  if (note.textContent !== text) note.textContent = text;
  note.classList.toggle("few", left < FEW / 10);
  area.setCustomValidity(left < 0 ? text : "");
};

const tell = (state, why = "") => {
  const box = find("[data-composer-state]", form);
  box.dataset.state = state;
  find("[data-state-text]", box).textContent = state && say(form, state);
  find("[data-why]", box).textContent = why;
  find("button", box).hidden = state !== "notSent" && state !== "noAnswer";
};

const put = (text) => {
  area.value = text;
  countDown();
};

const keep = (key) => {
  if (!draft.save(area.value, key)) tell("notKept");
};

const send = () => {
  const key = draft.key ?? random();
  form.elements.key.value = key;
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const isKept = post({ key, fields });
  draft.drop({ isSent: true });
  form.reset();
  countDown();
  tell(isKept ? "" : "notKept");
  area.focus();
};

const takeBack = (fields, state = "", why = "") => {
  if (area.value) return false;
  put(fields.get("message"));
  restore(fields);
  keep(fields.get("key"));
  tell(state, why);
  return true;
};

// What was written before this script came is kept too: after the draft, if it is no part of it.
const openDraft = async () => {
  const early = area.value;
  area.defaultValue = "";
  put(early);
  area.setAttribute("aria-busy", "true");
  const kept = await draft.open();
  const text = kept?.text ?? "";
  const written = area.value;
  put(text.includes(written) ? text : [text, written].filter(Boolean).join("\n"));
  if (area.value !== text) keep();
  else if (kept?.key) tell("notSent");
  open(takeBack);
  area.removeAttribute("aria-busy");
};

// What somebody wrote elsewhere, and could not leave there.
export const append = (text) => {
  if (!form || !text) return;
  put(area.value ? `${area.value.trimEnd()}\n${text}` : text);
  keep();
  area.focus();
};

const isSending = (event) => event.key === "Enter" && !event.shiftKey && !event.altKey && !event.isComposing && event.keyCode !== 229;

const start = () => {
  area.autocomplete = "off";
  draft = new Draft(form.dataset.account, form.dataset.site, (kept) => put(kept?.text ?? ""));
  openDraft();
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    put("");
    openDraft();
  });
  area.addEventListener("input", () => {
    countDown();
    keep();
    tell("");
  });
  area.addEventListener("keydown", (event) => {
    if (!isSending(event)) return;
    event.preventDefault();
    if (area.value.trim()) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    if (!window.htmx) return;
    event.preventDefault();
    send();
  });
  form.addEventListener("message:taken", () => {
    tell("taken");
    setTimeout(() => { if (find("[data-composer-state]", form).dataset.state === "taken") tell(""); }, SENT_MILLISECONDS);
    stick(true);
  });
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-fill]");
    append(chip?.textContent);
  });
};

if (form) start();
