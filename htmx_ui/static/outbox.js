// Messages on their way: shown at once with their state, and kept until the server says that it took them.
import { find, findAll } from "./dom.js";
import { names, parsed, read, remove, tab, write } from "./kept.js";
import { say } from "./texts.js";
import { stick } from "./thread.js";

const UNDECIDED_MILLISECONDS = 500;

const composer = () => find("[data-composer]");
const prefix = () => `pagewright:unsent:${composer().dataset.account}:${composer().dataset.site}:`;
const bubbleOf = (key) => find(`#unsent [data-key="${CSS.escape(key)}"]`);
let giveBack = () => false;

const tell = (bubble, state, why = "") => {
  bubble.dataset.state = state;
  find("[data-state-text]", bubble).textContent = say(composer(), state);
  find("[data-why]", bubble).textContent = why;
  findAll("button", bubble).forEach((button) => { button.hidden = state === "sending" || state === "unsure"; });
};

// `fields` are what the composer's form held, [name, value] each.
const show = ({ key, fields }) => {
  const bubble = find("#unsent-template").content.firstElementChild.cloneNode(true);
  const form = find("form", bubble);
  bubble.dataset.key = key;
  find("[data-text]", bubble).textContent = Object.fromEntries(fields).message;
  const files = fields.filter(([name]) => name === "attached-name").map(([, value]) => value);
  find("[data-files]", bubble).textContent = files.join(", ");
  find("[data-files]", bubble).hidden = files.length === 0;
  form.append(...fields.map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value })));
  find("#unsent").append(bubble);
  htmx.process(bubble);
  return bubble;
};

// Sends a message; gives false if the browser does not keep it until then.
export const post = (message) => {
  const isKept = write(prefix() + message.key, JSON.stringify({ ...message, tab, at: Date.now() }));
  find("form", show(message)).requestSubmit();
  stick(true);
  return isKept;
};

const forget = (key) => {
  remove(prefix() + key);
  bubbleOf(key)?.remove();
};

// What was not taken goes back to the box if that is empty; else it waits above it.
const backToBox = (bubble, state, why) => {
  const isFree = giveBack(new FormData(find("form", bubble)), state, why);
  if (isFree) forget(bubble.dataset.key);
  return isFree;
};

const fail = (bubble, state, why) => {
  if (!backToBox(bubble, state, why)) tell(bubble, state, why);
};

const isTaken = async (key) => {
  try {
    const answer = await fetch(`${composer().action}/${key}`, { redirect: "error" });
    const { taken } = await answer.json();
    if (taken !== null) return taken;
  } catch {
    return undefined;
  }
  await new Promise((resolve) => { setTimeout(resolve, UNDECIDED_MILLISECONDS); });
  return isTaken(key);
};

// What an earlier page of this tab, or another tab, has not been told about.
const lookAgain = async (bubble) => {
  const { key } = bubble.dataset;
  const taken = await isTaken(key);
  if (!bubble.isConnected || bubble.dataset.state === "sending") return;
  if (taken) forget(key);
  else if (parsed(read(prefix() + key))?.tab === tab) fail(bubble, taken === false ? "notSent" : "noAnswer");
  else tell(bubble, taken === false ? "notSent" : "noAnswer");
};

const openKept = () => names(prefix()).map((name) => parsed(read(name))).filter(Boolean)
  .sort((one, other) => one.at - other.at).forEach((message) => {
    const bubble = bubbleOf(message.key) ?? show(message);
    tell(bubble, "unsure");
    lookAgain(bubble);
  });

const whyNot = (xhr) => {
  if (!xhr.responseText.includes('class="notice')) return "";
  return new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector(".notice p")?.textContent.trim() ?? "";
};

const bubbleOfRequest = (event) => event.detail.elt?.closest?.(".unsent");

document.addEventListener("htmx:beforeRequest", (event) => {
  const bubble = bubbleOfRequest(event);
  if (bubble) tell(bubble, "sending");
});
document.addEventListener("taken", (event) => {
  const bubble = bubbleOfRequest(event);
  if (bubble) bubble.dataset.taken = "yes";
});
// Why it was not taken is told beside the text. An answer that is not ours, such as that of a proxy, takes nothing.
document.addEventListener("htmx:beforeSwap", (event) => {
  const bubble = event.detail.requestConfig.elt.closest(".unsent");
  if (bubble && !bubble.dataset.taken) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const bubble = bubbleOfRequest(event);
  if (!bubble) return;
  const { xhr } = event.detail;
  if (bubble.dataset.taken) {
    forget(bubble.dataset.key);
    composer().dispatchEvent(new CustomEvent("message:taken"));
  } else fail(bubble, xhr.status >= 400 && whyNot(xhr) ? "notSent" : "noAnswer", whyNot(xhr));
});
document.addEventListener("click", (event) => {
  const bubble = event.target.closest("[data-edit]")?.closest(".unsent");
  if (bubble) backToBox(bubble);
});
window.addEventListener("online", () => findAll("#unsent .unsent").forEach(lookAgain));
window.addEventListener("storage", (event) => {
  if (composer() && event.key?.startsWith(prefix()) && !event.newValue) bubbleOf(event.key.slice(prefix().length))?.remove();
});

// `back(fields, state, why)` takes a message back into the box; it gives false if the box is not free.
export const open = (back) => {
  giveBack = back;
  openKept();
};
