// Shows what is typed into a password field, and hides it again; a form that is sent hides it first.
"use strict";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  const field = document.getElementById(button.dataset.reveal);
  field.type = field.type === "password" ? "text" : "password";
  [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
  field.focus();
});
// A browser keeps what was typed into a text field, and offers it later.
document.addEventListener("submit", (event) => {
  event.target.querySelectorAll("[data-reveal]").forEach((button) => {
    document.getElementById(button.dataset.reveal).type = "password";
  });
});
