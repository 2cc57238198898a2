// Around a page of a site, of the same origin: tells the workspace where one is in it, goes where the workspace says, and
// opens what can't be shown here in a new tab. The page can do all this in our name: the workspace believes nothing
// more of it than a page of its list, a number and a text. `/.pagewright/frame#at=/about.html&y=300` begins there.
"use strict";
(() => {
  const LOOK_MILLISECONDS = 100;
  const REPEAT_MILLISECONDS = 2000;
  const LONGEST_TITLE = 200;
  const workspace = document.body.dataset.workspace;
  const frame = document.createElement("iframe");
  frame.title = "Page";
  let told = "";
  let toldAt = 0;
  let watched = null;
  let wanted = null;
  let isOutside = false;

  const tell = (message) => {
    const text = JSON.stringify(message);
    if (parent === window || (text === told && Date.now() - toldAt < REPEAT_MILLISECONDS)) return;
    parent.postMessage(message, workspace);
    [told, toldAt] = [text, Date.now()];
  };

  // The page's document, unless another website or an error of the browser stands there.
  const page = () => {
    try {
      const shown = frame.contentDocument;
      return shown && shown.location.origin === location.origin ? shown : null;
    } catch {
      return null;
    }
  };

  const go = (address, y) => {
    const target = new URL(address, location.origin);
    if (target.origin !== location.origin) return;
    wanted = y > 0 ? y : null;
    isOutside = false;
    if (frame.isConnected) frame.contentWindow.location.replace(target);
    else {
      frame.src = target;
      document.body.append(frame);
    }
  };

  const isFile = (target) => /\.(?!html?$|xhtml$)[^./]+$/i.test(target.pathname);

  // Where a link or form of the page leads that does not fit here: elsewhere, out of the frame, or to a file to keep.
  const aim = (element, address, target) => {
    const place = new URL(address, element.baseURI);
    if (!/^https?:$/.test(place.protocol)) return;
    if (place.origin !== location.origin || (element.href && (element.hasAttribute("download") || isFile(place)))) {
      element.removeAttribute("download");
      element.target = "_blank";
      if ("relList" in element) element.relList.add("noopener");
    } else if (/^_(top|parent)$/i.test(target)) element.target = "_self";
  };

  const targetOf = (element) => element.target || element.ownerDocument.querySelector("base[target]")?.target || "";

  const onClick = (event) => {
    const link = event.composedPath().find((element) => element.localName === "a" || element.localName === "area");
    if (link && typeof link.href === "string" && link.href) aim(link, link.href, targetOf(link));
  };

  const onSubmit = (event) => {
    const button = event.submitter;
    const address = button?.getAttribute("formaction") ?? event.target.getAttribute("action") ?? "";
    aim(event.target, address, button?.formTarget || targetOf(event.target));
    if (button?.formTarget) button.formTarget = event.target.target;
  };

  const look = () => {
    const shown = page();
    if (!shown || isOutside) return;
    if (shown !== watched) {
      watched = shown;
      shown.addEventListener("click", onClick, true);
      shown.addEventListener("submit", onSubmit, true);
    }
    if (wanted !== null) return;
    const { pathname } = shown.location;
    tell({ at: pathname, title: shown.title.slice(0, LONGEST_TITLE), y: Math.round(frame.contentWindow.scrollY) });
  };

  frame.addEventListener("load", () => {
    if (isOutside) return;
    toldAt = 0;
    if (!page()) {
      // Nothing of it can be shown here: the workspace says so.
      isOutside = true;
      frame.contentWindow.location.replace("about:blank");
      tell({ outside: true });
      return;
    }
    if (wanted !== null) frame.contentWindow.scrollTo({ top: wanted, behavior: "instant" });
    wanted = null;
    look();
  });

  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || origin !== workspace || typeof data?.go !== "string") return;
    toldAt = 0;
    go(data.go, Number(data.y));
  });

  const start = new URLSearchParams(location.hash.slice(1));
  go(start.get("at") ?? "/", Number(start.get("y")));
  setInterval(look, LOOK_MILLISECONDS);
})();
