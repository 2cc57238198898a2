// Short names for looking something up in the page.
export const find = (selector, root = document) => root.querySelector(selector);
export const findAll = (selector, root = document) => root.querySelectorAll(selector);
