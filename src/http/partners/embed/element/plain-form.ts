import { make } from "./make.ts";

/**
 * The plain form inside the element, as far as it's there: HTML drops a form that stands inside another one, and leaves its fields. All of it is
 * read by attribute, because a field may have the name of a property of its form.
 */
export type PlainForm = {
  readonly key: string;
  readonly wordingVersion: string;
  readonly wording: Element | null;
  readonly privacy: string | null;
  readonly language: string | null;
  /** The origin of the service. */
  readonly service: string;
  readonly form: HTMLFormElement;
  /** Whether `form` is the one that was pasted. */
  readonly whole: boolean;
};

/** Where this script came from: the service, for a form that lost its own address. */
const scriptUrl = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : "";

/** Whether there is something to take over: a form, or, once the page is read, the fields of one that HTML dropped. */
export function isThere(host: Element): boolean {
  if (host.querySelector("form") !== null) return true;
  return document.readyState !== "loading" && host.querySelector("input[name=wording]") !== null;
}

/** Reads the plain form. */
export function readPlainForm(host: Element): PlainForm {
  const own = host.querySelector("form");
  const within = own ?? host;
  const hidden = (name: string) => within.querySelector(`input[name=${name}]`)?.getAttribute("value") ?? "";
  const address = own?.getAttribute("action") ?? "";
  const action = new URL(
    address === "" ? "/subscribe" : address,
    scriptUrl === "" ? location.href : scriptUrl,
  );
  return {
    key: host.getAttribute("partner") ?? hidden("partner"),
    wordingVersion: hidden("wording"),
    wording: within.querySelector("[data-wording]"),
    privacy: within.querySelector("a[data-privacy]")?.getAttribute("href") ?? null,
    language: own?.getAttribute("lang") ?? null,
    service: action.origin,
    form: own ?? standIn(host, action.href),
    whole: own !== null,
  };
}

/** A form of its own for fields that have lost theirs, outside the one around it, which they'd otherwise be sent with. */
function standIn(host: Element, action: string): HTMLFormElement {
  const form = make("form", { method: "post", action, "accept-charset": "utf-8", hidden: "" });
  for (const field of host.querySelectorAll("input, button")) {
    if (field.matches("[type=hidden]")) form.append(field.cloneNode());
    // What's hidden by the element must not be missed by the other form's own check.
    field.setAttribute("disabled", "");
  }
  document.body.append(form);
  return form;
}

/** Whether a page of ours can't be opened in place of this one: it refuses to be framed. */
export function isFramed(): boolean {
  return window.top !== window;
}

/** Fills the plain form's fields, adding those that it lacks, and goes where it goes; from a frame, in a window of its own. */
export function postPlain(form: HTMLFormElement, fields: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(fields)) {
    const field = form.querySelector(`input[name=${name}]`);
    if (field instanceof HTMLInputElement) field.value = value;
    else form.append(make("input", { type: "hidden", name, value }));
  }
  form.setAttribute("target", isFramed() ? "_blank" : "_self");
  // A field named "submit" would stand in the way of the form's own method.
  HTMLFormElement.prototype.submit.call(form);
}
