// The browser's storage, which may be full or forbidden: then nothing is kept, and `write` says so.
export const random = () => [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte) => byte.toString(16).padStart(2, "0")).join("");

const tried = (work, otherwise) => {
  try {
    return work();
  } catch {
    return otherwise;
  }
};

export const read = (name) => tried(() => localStorage.getItem(name), null);
export const write = (name, text) => tried(() => { localStorage.setItem(name, text); return true; }, false);
export const remove = (name) => tried(() => localStorage.removeItem(name));
export const names = (prefix) => tried(() => Object.keys(localStorage).filter((name) => name.startsWith(prefix)), []);

// What this tab alone keeps, across reloads and pages.
export const readTab = (name) => tried(() => sessionStorage.getItem(name), null);
export const writeTab = (name, text) => tried(() => sessionStorage.setItem(name, text));

export const parsed = (text) => tried(() => JSON.parse(text), null);

const TAB = "pagewright:tab";
if (!readTab(TAB)) writeTab(TAB, random());
export const tab = readTab(TAB) ?? random();
