// Drops an answer about a site's page that was asked for before the person sent or chose something: it would take that
// back. What may have changed meanwhile is asked for once more, and so it is after the answers to two forms crossed.
let now = 0;
let forms = 0;
let answered = 0; // of the forms that were answered, the one that was sent last
const asked = new WeakMap(); // request: the moment at which it was sent, and which form it was

// Whatever is still on its way does not know what the person wants now.
export const overtake = () => { now += 1; };

const isAboutSite = ({ target }) => target?.id === "thread";

document.addEventListener("htmx:beforeSend", ({ detail }) => {
  if (!isAboutSite(detail)) return;
  asked.set(detail.xhr, { moment: now, form: detail.requestConfig.verb === "get" ? 0 : ++forms });
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!isAboutSite(detail) || !detail.shouldSwap) return;
  const { moment, form } = asked.get(detail.xhr);
  detail.isLate = form ? form < answered : moment !== now;
  if (form) {
    overtake();
    answered = Math.max(answered, form);
  } else detail.shouldSwap = !detail.isLate;
  if (detail.isLate) htmx.trigger(document.body, "settled");
});
