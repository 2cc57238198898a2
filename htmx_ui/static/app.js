// Starts what the pages do beyond HTML and htmx, a module for each thing. Everything works without it; nothing here knows a page's content.
import "./overtaken.js";
import "./dialogs.js";
import "./focus.js";
import "./menu.js";
import "./tabs.js";
import "./thread.js";
import "./outcome.js";
import "./preview_frame.js";
import "./preview.js";
import "./site_events.js";
import "./attachments.js";
import "./composer.js";
import "./waiting.js";
import "./forms.js";
import "./reveal.js";
import "./notices.js";
import "./connection.js";
import "./polling.js";
import "./clipboard.js";
import "./times.js";
import "./way_back.js";
import "./compare.js";

document.documentElement.classList.add("js");
