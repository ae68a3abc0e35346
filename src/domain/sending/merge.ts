import type { Language } from "../../platform/texts/languages.ts";
import type { Rendition, SlotName } from "../letters/rendition.ts";

/** What a reader's copy is filled with. A slot without a value cannot be merged. */
export type SlotValues = Partial<Readonly<Record<SlotName, string>>>;

export type MergedLetter =
  | { readonly kind: "merged"; readonly subject: string; readonly html: string; readonly text: string }
  | { readonly kind: "unresolved"; readonly slot: string };

/** A rendition cut at its slots once, so that a copy is one join. */
export type CompiledRendition = {
  readonly id: number;
  readonly language: Language;
  readonly fromName: string;
  readonly replyTo: string;
  readonly subject: Template;
  readonly html: Template;
  readonly text: Template;
};

type Template = { readonly parts: readonly string[]; readonly slots: readonly string[] };

/** Cuts a rendition at its `{{slots}}`. */
export function compileRendition(rendition: Rendition): CompiledRendition {
  return {
    id: rendition.id,
    language: rendition.language,
    fromName: rendition.fromName,
    replyTo: rendition.replyTo,
    subject: compile(rendition.subject),
    html: compile(rendition.html),
    text: compile(rendition.text),
  };
}

/**
 * A reader's copy. Values are put in as they are in the text and escaped in the HTML; no pattern is interpreted, so a
 * name such as `$&` stays a name. A slot without a value makes the letter `unresolved`: it must not go out.
 */
export function mergeLetter(rendition: CompiledRendition, values: SlotValues): MergedLetter {
  const escaped = Object.fromEntries(
    Object.entries(values).map(([slot, value]) => [slot, escapeHtml(value)]),
  );
  for (const template of [rendition.subject, rendition.html, rendition.text]) {
    for (const slot of template.slots) {
      if (!Object.hasOwn(escaped, slot)) return { kind: "unresolved", slot };
    }
  }
  const plain = values as Readonly<Record<string, string>>;
  return {
    kind: "merged",
    subject: fill(rendition.subject, plain),
    html: fill(rendition.html, escaped),
    text: fill(rendition.text, plain),
  };
}

function compile(source: string): Template {
  const pieces = source.split(/\{\{(\w+)\}\}/);
  return {
    parts: pieces.filter((_, index) => index % 2 === 0),
    slots: pieces.filter((_, index) => index % 2 === 1),
  };
}

function fill(template: Template, values: Readonly<Record<string, string>>): string {
  let result = template.parts[0] ?? "";
  template.slots.forEach((slot, index) => {
    result += (values[slot] ?? "") + (template.parts[index + 1] ?? "");
  });
  return result;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(value: string): string {
  return value.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
