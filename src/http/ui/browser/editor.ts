// Makes the editor of a letter out of its form: CodeMirror over the text area, saved by itself, with faults at their lines and a preview that
// follows. Without the script the form does all of it by its button. Texts are the page's, in data attributes.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { defineLanguageFacet, Language, languageDataProp, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { parser } from "@lezer/markdown";
import { LOOK, LOOK_OF_WORDS } from "./editor/look.ts";
import { toolbarFor } from "./editor/toolbar.ts";

/** How long after the last key it saves by itself, and tries again where it couldn't. */
const PAUSE_MS = 2000;
const AGAIN_MS = 10_000;

type Fault = {
  readonly line: number | null;
  readonly severity: "refuse" | "warn";
  readonly message: string;
  readonly fix: string;
};
/** `at` is when, as a clock shows it; `text` the text part, null where the letter can't be shown yet. */
type Saved = {
  readonly revision: number;
  readonly at: string;
  readonly faults: readonly Fault[];
  readonly text: string | null;
};

function start(
  form: HTMLFormElement,
  area: HTMLTextAreaElement,
  status: HTMLElement,
  list: HTMLElement,
): void {
  const view = editorOver(area);
  const texts = status.dataset;
  area.before(toolbarFor(view, texts));
  let dirty = false;
  let saving = false;
  /** What was sent without an answer: it may have been kept, so it's sent once more before anything that follows it. */
  let unanswered: URLSearchParams | null = null;
  let timer = 0;

  const later = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void save(), ms);
  };
  const tell = (text: string | undefined) => {
    status.textContent = text ?? "";
  };

  async function save(): Promise<void> {
    if (saving || !dirty) return;
    saving = true;
    const body = unanswered ?? new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
    // Behind what was sent before, what was typed since is still to be saved.
    dirty = unanswered !== null;
    tell(texts.saving);
    const headers = { accept: "application/json" };
    const answer = await fetch(form.action, { method: "POST", headers, body }).catch(() => null);
    saving = false;
    unanswered = answer === null || answer.status >= 500 ? body : null;
    if (answer?.status === 409) {
      // The page that this leads to has both texts, also what was typed just now.
      dirty = false;
      form.submit();
      return;
    }
    if (answer === null || !answer.ok) {
      dirty = true;
      tell(answer?.status === 422 ? texts.tooLong : texts.failed);
      if (answer?.status !== 422) later(AGAIN_MS);
      return;
    }
    show((await answer.json()) as Saved);
    if (!dirty) return;
    tell(texts.unsaved);
    later(PAUSE_MS);
  }

  function show({ revision, at, faults, text }: Saved): void {
    const field = form.elements.namedItem("revision");
    if (field instanceof HTMLInputElement) field.value = String(revision);
    tell((texts.saved ?? "").replace("{time}", at));
    view.dispatch(
      setDiagnostics(
        view.state,
        faults.map((fault) => diagnosticOf(view, fault)),
      ),
    );
    list.replaceChildren(...faults.map((fault) => cardOf(fault, texts)));
    for (const [id, isShown] of [
      ["#editor-shown", text !== null],
      ["#editor-unshown", text === null],
    ] as const)
      document.querySelector(id)?.toggleAttribute("hidden", !isShown);
    document.querySelector("#editor-text")?.replaceChildren(text ?? "");
    if (text === null) return;
    for (const frame of document.querySelectorAll<HTMLIFrameElement>(".letter-frame")) {
      frame.src = frame.src.replace(/(&save=\d+)?$/, `&save=${revision}`);
    }
  }

  form.addEventListener("input", () => {
    dirty = true;
    tell(texts.unsaved);
    later(PAUSE_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    dirty = false;
  });
  addEventListener("beforeunload", (event) => {
    if (dirty || saving) event.preventDefault();
  });
}

/** CodeMirror in place of the text area, which keeps the text for the form. In a shadow root, where its style sheets may be made by script. */
function editorOver(area: HTMLTextAreaElement): EditorView {
  const host = document.createElement("div");
  host.className = "editor";
  area.after(host);
  const root = host.attachShadow({ mode: "open" });
  const label = document.querySelector(`label[for="${area.id}"]`)?.textContent ?? "";
  const data = defineLanguageFacet();
  const markdown = new Language(
    data,
    parser.configure({ props: [languageDataProp.add({ Document: data })] }),
    [],
    "markdown",
  );
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        history(),
        // Tab isn't bound: it goes on to the next field, as everywhere.
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.lineWrapping,
        lintGutter(),
        markdown,
        syntaxHighlighting(LOOK_OF_WORDS),
        LOOK,
        EditorView.contentAttributes.of({
          "aria-label": label,
          lang: area.lang,
          dir: area.dir,
          spellcheck: "true",
          // What can be written in takes the focus anyway; said, checkers know that the keyboard scrolls here.
          tabindex: "0",
        }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          area.value = update.state.doc.toString();
          area.dispatchEvent(new Event("input", { bubbles: true }));
        }),
      ],
    }),
  });
  area.hidden = true;
  document.querySelector(`label[for="${area.id}"]`)?.addEventListener("click", () => view.focus());
  const faults = [...document.querySelectorAll<HTMLElement>("#editor-faults [data-line]")].map((card) =>
    diagnosticOf(view, {
      line: Number(card.dataset.line),
      severity: card.dataset.severity === "refuse" ? "refuse" : "warn",
      message: card.textContent ?? "",
      fix: "",
    }),
  );
  view.dispatch(setDiagnostics(view.state, faults));
  return view;
}

/** A fault at its line; one of the whole letter at the first. */
function diagnosticOf({ state: { doc } }: EditorView, { line, severity, message, fix }: Fault): Diagnostic {
  const { from, to } = doc.line(Math.min(Math.max(line ?? 1, 1), doc.lines));
  return {
    from,
    to,
    severity: severity === "refuse" ? "error" : "warning",
    message: `${message} ${fix}`.trim(),
  };
}

function cardOf({ line, severity, message, fix }: Fault, texts: DOMStringMap): HTMLElement {
  const card = document.createElement("li");
  card.className = "card";
  const place = line === null ? "" : (texts.line ?? "").replace("{line}", String(line));
  const strong = document.createElement("strong");
  strong.textContent = `${place} ${(severity === "refuse" ? texts.refuse : texts.warn) ?? ""}`.trim();
  const first = document.createElement("p");
  first.append(strong, ` ${message}`);
  const second = document.createElement("p");
  second.className = "soft";
  second.textContent = fix;
  card.append(first, second);
  return card;
}

const form = document.querySelector<HTMLFormElement>("form[data-editor]");
const area = document.querySelector<HTMLTextAreaElement>("#markdown");
const status = document.querySelector<HTMLElement>("#editor-status");
const list = document.querySelector<HTMLElement>("#editor-faults");
if (form !== null && area !== null && status !== null && list !== null) start(form, area, status, list);
