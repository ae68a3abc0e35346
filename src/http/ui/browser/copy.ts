// Buttons that copy a text of the page. Without the script the text can be selected by hand. What is said stands in data attributes.
export {};

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = document.getElementById("said");
    const copied = document.getElementById(button.dataset.copy ?? "")?.textContent ?? "";
    if (said === null) return;
    try {
      await navigator.clipboard.writeText(copied);
      said.textContent = said.dataset.copied ?? "";
    } catch {
      said.textContent = said.dataset.refused ?? "";
    }
  });
}
