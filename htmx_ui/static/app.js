// What the pages do beyond HTML and htmx. Everything works without it; nothing here knows a page's content.
"use strict";
(() => {
  document.documentElement.classList.add("js");
  const $ = (selector, root = document) => root.querySelector(selector);

  // Dialogs: htmx fills #dialog, we open it.
  const dialog = () => $("#dialog");
  const closeDialog = () => { dialog().close(); };

  // Tabs of a site's page.
  const showTab = (name) => {
    $(".workspace").dataset.tab = name;
    document.querySelectorAll(".tab").forEach((tab) => {
      if (tab.dataset.tab === name) tab.setAttribute("aria-current", "true"); else tab.removeAttribute("aria-current");
    });
    stick(true);
    measure();
  };

  const isWide = () => matchMedia("(min-width: 56.01rem)").matches;

  // A chat stays at its end unless somebody scrolled up.
  const atEnd = new WeakMap();
  const stick = (force) => document.querySelectorAll("[data-stick]").forEach((box) => {
    if (force || atEnd.get(box) !== false) box.scrollTop = box.scrollHeight;
  });
  const watchScroll = () => document.querySelectorAll("[data-stick]").forEach((box) => {
    box.addEventListener("scroll", () => atEnd.set(box, box.scrollHeight - box.scrollTop - box.clientHeight < 80));
  });

  // The preview's screen.
  const showDevice = (name) => {
    const preview = $("#preview");
    if (!preview) return;
    preview.dataset.device = name;
    preview.querySelectorAll("[data-device-choice]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.deviceChoice === name));
    });
  };
  let device = "desktop";
  const measure = () => {
    const stage = $("#preview .stage");
    const room = stage ? stage.clientWidth - 28 : 0;
    if (room > 0) stage.style.setProperty("--scale", String(Math.min(1, room / 1280)));
  };

  const countDown = (area) => {
    const left = Number(area.dataset.limit) - area.value.length;
    const note = $("[data-remaining]", area.form);
    note.textContent = left < 1000 ? `${left.toLocaleString()} characters left` : "";
    note.classList.toggle("few", left < 100);
  };

  // "Mira’s Bakery" becomes "miras-bakery", until the address was edited by hand.
  const addressOf = (title) => title.normalize("NFKD").toLowerCase()
    .replaceAll("ß", "ss").replace(/[\u0300-\u036f'’]/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")
    .slice(0, 40).replace(/-$/, "");

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    const tab = on(".tab");
    if (tab && !event.ctrlKey && !event.metaKey) { event.preventDefault(); showTab(tab.dataset.tab); }
    // Where chat or versions stand beside the preview, they stay there.
    const stay = on("[data-keep-tab]") || (isWide() && on("[data-view]"));
    if (stay) {
      const address = new URL(stay.href);
      address.searchParams.set("tab", $(".workspace").dataset.tab);
      stay.href = address;
    }
    const choice = on("[data-device-choice]");
    if (choice) { device = choice.dataset.deviceChoice; showDevice(device); }
    if (on("[data-reload]")) { const frame = $("#preview iframe"); frame.src = frame.src; }
    if (on("[data-dismiss]")) on(".notice").remove();
    if (on("[data-copy]")) copy(on("[data-copy]"));
    const chip = on("[data-fill]");
    if (chip) { const area = $("#message"); area.value = chip.textContent; countDown(area); area.focus(); }
    if (dialog().open && (on("[data-close]") || event.target === dialog())) { event.preventDefault(); closeDialog(); }
    const menu = $(".menu[open]");
    if (menu && !on(".menu")) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-composer] textarea")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
    if (event.key === "Escape" && $(".menu[open]")) $(".menu[open]").open = false;
  });

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches("[data-limit]")) countDown(field);
    if (field.dataset.derives) {
      const target = field.form.elements[field.dataset.derives];
      if (!target.dataset.edited) target.value = addressOf(field.value);
    } else if (field.name === "name") field.dataset.edited = "yes";
  });

  document.addEventListener("change", (event) => {
    document.querySelectorAll("[data-current-tab]").forEach((field) => { field.value = $(".workspace").dataset.tab; });
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
    if (event.target.name === "template") {
      const archive = event.target.form.elements.archive;
      archive.required = event.target.value === "import";
    }
  });

  document.addEventListener("submit", (event) => {
    // A double click must not make two sites.
    if (event.target.matches("[data-once]")) {
      if (event.target.dataset.sent) event.preventDefault();
      event.target.dataset.sent = "yes";
    }
    if (event.target.matches("[data-stop]")) {
      const button = $("button", event.target);
      setTimeout(() => { button.disabled = true; button.textContent = "Stopping…"; });
    }
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent));

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "dialog" && !dialog().open && dialog().childElementCount) dialog().showModal();
    showDevice(device);
    measure();
    stick(false);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.matches("[data-composer]") && event.detail.successful) {
      const area = $("#message");
      // What was typed since it was sent stays.
      if (area.value.trim() === event.detail.requestConfig.formData.get("message").trim()) event.target.reset();
      countDown(area);
      stick(true);
    }
  });

  // What can't be reached, or answers with something else than a notice of ours, such as a proxy in between.
  const unreachable = () => {
    const text = "PageWright can’t be reached right now. Nothing is lost; try again in a moment.";
    const box = Object.assign(document.createElement("div"), { className: "notice bad" });
    box.setAttribute("role", "alert");
    box.append(Object.assign(document.createElement("p"), { textContent: text }));
    $("#flash").replaceChildren(box);
    setTimeout(() => box.remove(), 8000);
  };
  document.addEventListener("htmx:sendError", unreachable);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400 || xhr.responseText.includes('class="notice')) return;
    event.detail.shouldSwap = false;
    unreachable();
  });

  // Somebody who comes back to the page sees what happened meanwhile.
  let left = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) left = Date.now();
    else if (Date.now() - left > 10000 && $("#thread")) htmx.trigger(document.body, "settled");
    if (!document.hidden && $("[data-poll]")) htmx.trigger($("[data-poll]"), "look");
  });

  // What asks again by itself does not while nobody sees it, nor under the hands of somebody who selects or tabs in it.
  let touched = 0;
  const touch = () => { touched = Date.now(); };
  document.addEventListener("selectionchange", touch);
  document.addEventListener("focusin", touch);
  const inUse = (box) => {
    const selected = getSelection();
    const inside = box.contains(document.activeElement) || (!selected.isCollapsed && box.contains(selected.anchorNode));
    return inside && Date.now() - touched < 20000;
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches("[data-poll]") && (document.hidden || inUse(event.target))) event.preventDefault();
  });

  // A command to take along. Without a clipboard, which plain HTTP does not have, it is selected at least.
  const copy = async (button) => {
    const text = document.getElementById(button.dataset.copy);
    getSelection().selectAllChildren(text);
    if (!navigator.clipboard) return;
    await navigator.clipboard.writeText(text.textContent);
    getSelection().removeAllRanges();
    button.textContent = "Copied";
  };

  // Times grow old while a page is open.
  const units = [[31536000, "year"], [2592000, "month"], [86400, "day"], [3600, "hour"], [60, "minute"]];
  const age = (seconds) => {
    const [size, unit] = units.find(([size]) => seconds >= size) ?? [];
    if (!unit) return "just now";
    const number = Math.floor(seconds / size);
    return `${number} ${unit}${number === 1 ? "" : "s"} ago`;
  };
  setInterval(() => document.querySelectorAll("time[datetime]").forEach((time) => {
    time.textContent = age((Date.now() - Date.parse(time.dateTime)) / 1000);
  }), 30000);

  document.addEventListener("DOMContentLoaded", () => {
    // A notice belongs to the moment, not to the address.
    const address = new URL(location.href);
    if (address.searchParams.has("notice")) {
      address.searchParams.delete("notice");
      history.replaceState(null, "", address);
    }
    watchScroll();
    stick(true);
    measure();
    window.addEventListener("resize", measure);
    setTimeout(() => document.querySelectorAll("#flash .notice:not(.bad)").forEach((notice) => notice.remove()), 7000);
  });
})();
