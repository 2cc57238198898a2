// Drops an answer about a site's page that was asked for before the person sent or chose something: it would take that
// back. What may have changed meanwhile is asked for once more.
let now = 0;
const asked = new WeakMap(); // request: the moment at which it was sent

// Whatever is still on its way does not know what the person wants now.
export const overtake = () => { now += 1; };

const isAboutSite = ({ target }) => target?.id === "thread";

document.addEventListener("htmx:beforeSend", ({ detail }) => {
  if (isAboutSite(detail)) asked.set(detail.xhr, now);
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!isAboutSite(detail) || !detail.shouldSwap) return;
  if (detail.requestConfig.verb !== "get") overtake();
  else if (asked.get(detail.xhr) !== now) {
    detail.shouldSwap = false;
    htmx.trigger(document.body, "settled");
  }
});
