// A command to take along. Without a clipboard, which plain HTTP does not have, it is selected at least.
const copy = async (button) => {
  const text = document.getElementById(button.dataset.copy);
  getSelection().selectAllChildren(text);
  if (!navigator.clipboard) return;
  await navigator.clipboard.writeText(text.textContent);
  getSelection().removeAllRanges();
  button.textContent = button.dataset.sayCopied;
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
