/**
 * The partner page's script: buttons that copy a snippet. Without it the text can be selected by hand. What it says stands in
 * data attributes of the page.
 */
export const COPY_SCRIPT = `
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = document.getElementById("said");
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      said.textContent = said.dataset.copied;
    } catch {
      said.textContent = said.dataset.refused;
    }
  });
}
`;
