// Talks with our page around the previewed one (nginx/frame.js). The previewed page is of the same origin and can speak
// in its name: nothing is taken from it but a page of the list, a number, and a text of limited length.
const TAKE_MILLISECONDS = 300;
const LONGEST_TITLE = 80;

// The page of the list that is served at a path, if any.
export const pageAt = (path, pages) => {
  let name;
  try {
    name = decodeURIComponent(path).replace(/^\/+/, "");
  } catch {
    return undefined;
  }
  const names = name === "" || name.endsWith("/") ? [`${name}index.html`, `${name}index.htm`] : [name, `${name}.html`];
  return names.find((one) => pages.includes(one));
};

// What a message may say; undefined if it says nothing that we know.
const understood = (data, pages) => {
  if (data?.outside === true) return { isOutside: true };
  if (typeof data?.at !== "string" || data.at.length > 2000) return undefined;
  const title = typeof data.title === "string" ? data.title.trim().replace(/\s+/g, " ").slice(0, LONGEST_TITLE) : "";
  const y = Number.isFinite(data.y) ? Math.max(0, Math.min(data.y, 1e7)) : 0;
  return { page: pageAt(data.at, pages), title, y };
};

// Calls `take` with what the frame tells last, a few times a second at most, however much it tells.
export const listen = (frame, pages, take) => {
  const { origin } = new URL(frame.src);
  let waiting;
  let timer;
  const hear = (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return;
    waiting = event.data;
    timer ??= setTimeout(() => {
      timer = undefined;
      const told = understood(waiting, pages());
      if (told) take(told);
    }, TAKE_MILLISECONDS);
  };
  window.addEventListener("message", hear);
  return () => { window.removeEventListener("message", hear); clearTimeout(timer); };
};

// Lets the frame show a path of its site.
export const send = (frame, path) => frame.contentWindow.postMessage({ go: path }, new URL(frame.src).origin);
