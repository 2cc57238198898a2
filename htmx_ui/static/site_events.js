// The live events of a site's page, in one stream: the request that moved on is fetched again, or all that may have
// changed. A page that nobody sees gives its connection back, because browsers have few of them.
import { find } from "./dom.js";

const HIDDEN_MILLISECONDS = 30000;
const [FIRST_PAUSE, LONGEST_PAUSE] = [2000, 60000];
const TOGETHER_MILLISECONDS = 150;

const address = () => find("[data-events]")?.dataset.events;
let source;
let seen;
let pause = FIRST_PAUSE;
let timer;
let settling;

const settle = () => {
  settling ??= setTimeout(() => {
    settling = undefined;
    htmx.trigger(document.body, "settled");
  }, TOGETHER_MILLISECONDS);
};

const close = () => {
  source?.close();
  source = undefined;
};

const open = () => {
  clearTimeout(timer);
  if (source || !address()) return;
  const target = new URL(address(), location.href);
  if (seen) target.searchParams.set("after", seen);
  source = new EventSource(target);
  source.addEventListener("open", () => { pause = FIRST_PAUSE; });
  source.addEventListener("changed", (event) => {
    seen = event.lastEventId;
    settle();
  });
  source.addEventListener("job", (event) => {
    seen = event.lastEventId;
    const turn = document.getElementById(`turn-${event.data}`);
    if (!turn) return settle();
    const watched = find("[data-watched]", turn);
    if (watched) htmx.trigger(watched, "moved");
  });
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return;
    close();
    timer = setTimeout(open, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  });
};

document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (document.hidden) timer = setTimeout(close, HIDDEN_MILLISECONDS);
  else open();
});
open();
