import type { EditorView } from "@codemirror/view";

/** What a button of the toolbar puts before and behind what's chosen; at the beginning of its line where `line` says so. */
const MARKS: Readonly<
  Record<string, { readonly before: string; readonly behind: string; readonly line: boolean }>
> = {
  part: { before: "## ", behind: "", line: true },
  bold: { before: "**", behind: "**", line: false },
  italic: { before: "*", behind: "*", line: false },
  list: { before: "* ", behind: "", line: true },
  steps: { before: "1. ", behind: "", line: true },
  quote: { before: "> ", behind: "", line: true },
  link: { before: "[", behind: "](https://)", line: false },
  keep: { before: ":::keep\n", behind: "\n:::", line: true },
};

/** Buttons for what a letter can hold, named by the page's `data-mark-…`. Reached by Tab like any other. */
export function toolbarFor(view: EditorView, texts: DOMStringMap): HTMLElement {
  const bar = document.createElement("p");
  bar.className = "marks";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", texts.marks ?? "");
  for (const [name, mark] of Object.entries(MARKS)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = texts[`mark${name.charAt(0).toUpperCase()}${name.slice(1)}`] ?? name;
    button.addEventListener("click", () => {
      const { from, to } = view.state.selection.main;
      const start = mark.line ? view.state.doc.lineAt(from).from : from;
      const changes = [
        { from: start, insert: mark.before },
        { from: to, insert: mark.behind },
      ];
      view.dispatch({ changes, selection: { anchor: to + mark.before.length } });
      view.focus();
    });
    bar.append(button, " ");
  }
  return bar;
}
