// Keeps what is being written, per account and site. Tabs never overwrite each other's text.
//
// A tab writes a draft of its own. Without one it asks the other tabs which drafts are theirs, and shows the newest that
// is nobody's, such as that of a closed tab. It follows that one until somebody writes here: that makes a draft of this
// tab's own `from` the other. A tab writes only over what it has seen last, so a duplicated tab, which believes to own
// the same draft, gets another. What a draft came from goes with it, if unchanged.
import { names, parsed, random, read, readTab, remove, write, writeTab } from "./kept.js";

const ANSWER_MILLISECONDS = 500;

export class Draft {
  #prefix;
  #channel;
  #show;
  #name = null;
  #seen = null;
  #isOwn = false;
  #text = "";

  // `show(draft)` puts a draft that another tab has changed into the box; null empties it.
  constructor(account, site, show) {
    this.#prefix = `pagewright:draft:${account}:${site}:`;
    this.#show = show;
    this.#channel = new BroadcastChannel(this.#prefix);
    this.#channel.onmessage = ({ data }) => {
      if (data === "whose?" && this.#isOwn) this.#channel.postMessage(this.#name);
      // Its tab was slow to answer.
      if (data === this.#name && !this.#isOwn) this.#leave();
    };
    window.addEventListener("storage", (event) => { if (event.key && event.key === this.#name) this.#follow(event.newValue); });
  }

  // The draft to show: this tab's, else the newest that no other tab has; none if somebody writes here meanwhile.
  async open() {
    const own = readTab(this.#prefix);
    this.#isOwn = Boolean(own && read(own));
    if (this.#isOwn) this.#name = own;
    else if (names(this.#prefix).length) {
      const taken = await this.#others();
      if (this.#isOwn) return null;
      this.#name = this.#newest(taken);
    }
    return this.#look();
  }

  // Keeps the text; false if the browser does not. With `key` it is a message whose answer is not known.
  save(text, key) {
    this.#text = text;
    if (!text) return this.drop();
    const current = this.#name && read(this.#name);
    let from = parsed(current)?.from;
    if (!this.#isOwn || current !== this.#seen) {
      from = this.#isOwn || !current ? undefined : { name: this.#name, at: parsed(current)?.at };
      this.#name = this.#prefix + random();
      this.#isOwn = true;
      writeTab(this.#prefix, this.#name);
    }
    this.#seen = JSON.stringify({ text, at: Date.now(), key, from });
    return write(this.#name, this.#seen);
  }

  // The key of the message that the draft was sent as, unless it was edited since.
  get key() {
    return parsed(this.#seen)?.key;
  }

  // Forgets the draft; `isSent` tells tabs that show the same text that it has been sent from here.
  drop({ isSent = false } = {}) {
    if (this.#name && read(this.#name) === this.#seen) {
      if (isSent) write(this.#name, JSON.stringify({ sent: this.#text }));
      this.#forget(this.#name, parsed(this.#seen)?.from);
    }
    this.#name = this.#seen = null;
    this.#isOwn = false;
    this.#text = "";
    return true;
  }

  #forget(name, from) {
    remove(name);
    const before = from && parsed(read(from.name));
    if (before && before.at === from.at) this.#forget(from.name, before.from);
  }

  async #others() {
    const taken = new Set();
    const channel = new BroadcastChannel(this.#prefix);
    channel.onmessage = ({ data }) => taken.add(data);
    channel.postMessage("whose?");
    await new Promise((resolve) => { setTimeout(resolve, ANSWER_MILLISECONDS); });
    channel.close();
    return taken;
  }

  #newest(taken) {
    const at = (name) => parsed(read(name))?.at ?? 0;
    return names(this.#prefix).filter((name) => !taken.has(name)).sort((one, other) => at(other) - at(one))[0] ?? null;
  }

  #look() {
    this.#seen = this.#name && read(this.#name);
    const draft = parsed(this.#seen);
    this.#text = draft?.text ?? "";
    return this.#text ? draft : null;
  }

  #follow(raw) {
    const sent = parsed(raw)?.sent;
    if (sent !== undefined) {
      if (sent === this.#text) this.#leave();
    } else if (!this.#isOwn) {
      if (raw) this.#show(this.#look());
      else this.#leave();
    } else if (!raw && this.#text) {
      // Another tab has used up what this one still shows.
      this.save(this.#text, this.key);
    }
  }

  #leave() {
    this.#name = this.#seen = null;
    this.#isOwn = false;
    this.#text = "";
    this.#show(null);
  }
}
