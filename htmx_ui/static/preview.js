// What the preview shows: a version in a frame that stays while it need not change, the page in it, and the address of
// the workspace, which follows both. The server says in #shown what is to be seen.
import { find, findAll } from "./dom.js";
import { listen, send } from "./frame_messages.js";
import { overtake } from "./overtaken.js";
import { measure } from "./preview_frame.js";

const SILENCE_MILLISECONDS = 1500;
const LONGEST_WAIT_MILLISECONDS = 8000;

let shown; // the frame in view, with what is known of it
let coming; // the one that is to take its place

const field = (name) => find(`#shown [name=${name}]`);
const choice = () => find("#page-choice");
const pages = () => [...(choice()?.options ?? [])].map((option) => option.value);
const pathOf = (page) => `/${page.replace(/(^|\/)index\.html$/, "$1").split("/").map(encodeURIComponent).join("/")}`;

// The address of the workspace shows again what is in view.
const follow = () => {
  const address = new URL(location.href);
  const wanted = { version: field("shown").value, until: field("until").value, page: shown.page };
  if (wanted.page === pages()[0]) wanted.page = "";
  Object.entries(wanted).forEach(([name, value]) => {
    if (value) address.searchParams.set(name, value); else address.searchParams.delete(name);
  });
  if (address.href !== location.href) history.replaceState(history.state, "", address);
};

const tellPage = () => {
  field("page").value = shown.page;
  choice().value = shown.page;
  const open = find("#open-page");
  if (open) open.href = new URL(pathOf(shown.page), shown.element.src).href;
  findAll("#preview-choice a").forEach((link) => {
    const address = new URL(link.href);
    address.searchParams.set("page", shown.page);
    link.href = address;
  });
  follow();
};

const take = (one) => (told) => {
  find("#outside").hidden = !told.isOutside;
  if (told.isOutside) return;
  reveal(one);
  one.y = told.y;
  if (one !== shown || told.page === undefined) return;
  one.page = told.page;
  // A title that another page has too would not tell them apart.
  const options = [...choice().options];
  const isTaken = options.some(({ value, text }) => value !== told.page && text === told.title);
  if (told.title && !isTaken) options.find(({ value }) => value === told.page).textContent = told.title;
  tellPage();
};

const reveal = (one) => {
  if (one !== coming) return;
  shown?.stop();
  shown?.element.remove();
  [shown, coming] = [one, undefined];
  one.element.classList.remove("coming");
  tellPage();
};

const watch = (element, page) => {
  const one = { element, page, y: 0, base: element.src.split("#")[0] };
  one.stop = listen(element, pages, take(one));
  // A web server of the release before has no such page: it shows the site's own page directly.
  const { direct } = find("#shown").dataset;
  const goDirect = () => {
    if (one !== coming) return;
    element.src = direct;
    reveal(one);
  };
  element.addEventListener("load", () => setTimeout(goDirect, SILENCE_MILLISECONDS), { once: true });
  setTimeout(goDirect, LONGEST_WAIT_MILLISECONDS);
  return one;
};

// On a phone the preview is behind another tab: its tab says that there is something new, until one looks.
const isHidden = () => getComputedStyle(find("#preview")).visibility === "hidden";
const mark = (isNew) => { find("#preview-news").hidden = !isNew; };
const openPreview = () => { if (isHidden()) find(".tab[data-tab=preview]").click(); };

const begin = ({ frame, path, title }, page, y) => {
  if (coming) { coming.stop(); coming.element.remove(); }
  const element = document.createElement("iframe");
  element.className = "screen coming";
  element.title = title;
  element.sandbox = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox";
  element.referrerPolicy = "no-referrer";
  element.src = `${frame}#${new URLSearchParams({ at: path, y })}`;
  coming = watch(element, page);
  find("#frames").append(element);
};

const clear = () => {
  [shown, coming].forEach((one) => { one?.stop(); one?.element.remove(); });
  [shown, coming] = [undefined, undefined];
};

// Brings the frame in line with what the server says is to be seen.
const update = () => {
  const wanted = find("#shown")?.dataset;
  if (!wanted?.frame) return clear();
  const page = field("page").value;
  const now = coming ?? shown;
  if (now?.base !== wanted.frame) {
    mark(isHidden());
    begin(wanted, page, shown?.page === page ? shown.y : 0);
  } else if (shown) tellPage();
};

const show = (page) => {
  if (coming) return begin({ ...find("#shown").dataset, path: pathOf(page) }, page, 0);
  if (!shown) return;
  shown.page = page;
  find("#outside").hidden = true;
  send(shown.element, pathOf(page));
  tellPage();
};

// Another version, or another page of this one: of another version the server says what there is to see.
const view = (address) => {
  const given = new URL(address, location.href).searchParams;
  const [version, page] = [given.get("version") ?? "", given.get("page")];
  if (shown && (version === field("have").value || version === field("shown").value)) return show(page ?? shown.page);
  field("shown").value = version;
  field("until").value = given.get("until") ?? "";
  if (page) field("page").value = page;
  overtake();
  htmx.trigger(document.body, "settled");
};

document.addEventListener("click", (event) => {
  if (event.target.closest(".tab[data-tab=preview]")) mark(false);
  if (event.target.closest("[data-reload]") && shown) show(shown.page);
  const link = event.target.closest("[data-view]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !field("shown")) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  openPreview();
  view(link.href);
});
document.addEventListener("change", (event) => { if (event.target.id === "page-choice") show(event.target.value); });
window.addEventListener("popstate", () => { if (field("shown")) view(location.href); });
document.addEventListener("htmx:afterSettle", () => { if (find("#frames")) update(); });

const first = find("#frames iframe");
if (first) {
  coming = watch(first, field("page").value);
  measure();
}
