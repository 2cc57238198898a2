// A request that waits while somebody edits it: the page that changes around it takes nothing of that away. If the
// request begins meanwhile, what was written goes to the message box.
import { append } from "./composer.js";
import { find, findAll } from "./dom.js";
import { readTab, writeTab } from "./kept.js";

const NAME = "pagewright:edit:";

const area = (editor) => find("textarea", editor);
const linkTo = (editor) => document.getElementById(`edit-${editor.dataset.editor}`);
const isChanged = (editor) => area(editor).value !== area(editor).defaultValue;
const keep = (editor, text) => writeTab(NAME + editor.dataset.editor, text);
const say = (text) => { find("[data-announce]").textContent = text; };

const links = new WeakMap(); // editor: what it stands in place of
const putInPlace = (editor, link) => {
  link.replaceWith(editor);
  links.set(editor, link);
  htmx.process(editor);
};

const edit = (link) => {
  const editor = find("#editor-template").content.firstElementChild.cloneNode(true);
  const job = link.id.slice("edit-".length);
  editor.dataset.editor = job;
  editor.action = link.dataset.action;
  editor.setAttribute("hx-post", link.dataset.action);
  editor.elements.edits.value = link.dataset.edits;
  find("[data-else]", editor).dataset.else = link.id;
  area(editor).textContent = find(".person .text", link.closest(".turn")).textContent;
  putInPlace(editor, link);
  return editor;
};

const leave = (editor) => {
  keep(editor, "");
  const link = links.get(editor);
  if (!link) return false;
  editor.replaceWith(link);
  link.focus();
  return true;
};

let open = [];
let moved = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.shouldSwap || detail.isError) return;
  const { elt } = detail.requestConfig;
  if (elt.matches("[data-editor]")) keep(elt, "");
  moved = elt.matches("[data-move]") && !detail.isLate ? elt.closest(".turn").id : null;
  open = [...findAll("[data-editor]", detail.target)].filter((editor) => editor !== elt)
    .map((editor) => ({ editor, focused: editor.contains(document.activeElement) && document.activeElement }));
});

const putBack = ({ editor, focused }) => {
  const link = linkTo(editor);
  if (link) {
    putInPlace(editor, link);
    if (focused) focused.focus({ preventScroll: true });
  } else if (!editor.isConnected && isChanged(editor)) {
    keep(editor, "");
    append(area(editor).value);
    say(editor.dataset.sayBegun);
  }
};

document.addEventListener("htmx:afterSwap", () => {
  open.splice(0).forEach(putBack);
  const turn = moved && document.getElementById(moved);
  moved = null;
  if (turn) say(find(".working-head .muted", turn)?.textContent ?? "");
});

document.addEventListener("input", ({ target }) => {
  const editor = target.closest("[data-editor]");
  if (editor) keep(editor, area(editor).value);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-edits]");
  if (link) area(edit(link)).focus();
  const editor = event.target.closest("[data-leave]")?.closest("[data-editor]");
  if (link || (editor && leave(editor))) event.preventDefault();
});
document.addEventListener("keydown", ({ key, target }) => {
  const editor = key === "Escape" && target.closest("[data-editor]");
  if (editor && !isChanged(editor)) leave(editor);
});

// After a reload.
findAll("[data-edits]").forEach((link) => {
  const text = readTab(NAME + link.id.slice("edit-".length));
  if (text) area(edit(link)).value = text;
});
