// Notices above the page: good ones go by themselves, all can be dismissed, and none stays in the address.
import { findAll } from "./dom.js";

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) event.target.closest(".notice").remove();
});

document.addEventListener("DOMContentLoaded", () => {
  // A notice belongs to the moment, not to the address.
  const address = new URL(location.href);
  if (address.searchParams.has("notice")) {
    address.searchParams.delete("notice");
    history.replaceState(null, "", address);
  }
  setTimeout(() => findAll("#flash .notice:not(.bad)").forEach((notice) => notice.remove()), 7000);
});
