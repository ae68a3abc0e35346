import { directionOf, LABELS, type Labels, languageOf } from "../../labels.ts";
import { STYLE } from "./style.ts";

/** As the service waits for one anyway, the form does so before it sends (signup/gate/stamp.ts). */
const STAMP_MIN_MS = 2000;

type Stamp = { readonly stamp: string; readonly at: number };
type Fault = { readonly field?: string; readonly suggestion?: string };
type Problem = { readonly code?: string; readonly faults?: readonly Fault[] };

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: ReadonlyArray<Node | string>
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * `<themepost-form partner="…">` around the plain form, which it takes over: key, address of the service, wording and return
 * address are the plain form's. Asks the service for nothing before the visitor touches the form, and hands over to the
 * plain form's own page wherever something does not work. Its attribute `lang` wins over the page's; `preview` sends nothing.
 */
class ThemepostForm extends HTMLElement {
  private plain: HTMLFormElement | null = null;
  private labels: Labels = LABELS.en;
  private stamp: Promise<Stamp | null> | null = null;
  private readonly form = make("form", { novalidate: "", part: "form" });
  private readonly email = make("input", {
    id: "email",
    name: "email",
    type: "email",
    required: "",
    maxlength: "254",
    autocomplete: "email",
    inputmode: "email",
    autocapitalize: "none",
    spellcheck: "false",
  });
  private readonly firstName = make("input", {
    id: "name",
    name: "first_name",
    maxlength: "200",
    autocomplete: "given-name",
  });
  private readonly trap = make("input", { id: "trap", name: "website", tabindex: "-1", autocomplete: "off" });
  private readonly fault = make("p", { id: "fault", class: "fault", hidden: "" });
  private readonly said = make("p", { role: "status", tabindex: "-1" });
  private readonly button = make("button", { type: "submit" });
  private readonly choice = make("p", { hidden: "" });

  connectedCallback(): void {
    this.plain = this.querySelector("form");
    if (this.plain === null || this.shadowRoot !== null) return;
    const language = languageOf(this.closest("[lang]")?.getAttribute("lang"));
    this.labels = LABELS[language];
    const { labels, plain } = this;
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const consent = make("p", { class: "fine", dir: "auto" }, this.wordsOf("[data-wording]"), " ");
    const wordingLanguage = plain.querySelector("[data-wording]")?.getAttribute("lang");
    if (wordingLanguage) consent.setAttribute("lang", wordingLanguage);
    const privacy = plain.querySelector("a")?.href;
    const fine = make("p", { class: "fine" });
    if (privacy !== undefined)
      fine.append(make("a", { href: privacy, target: "_blank", rel: "noopener" }, labels.privacy));
    this.button.append(labels.button);
    this.form.append(
      make("label", { for: "email" }, labels.email),
      this.email,
      this.fault,
      make("label", { for: "name" }, labels.firstName),
      this.firstName,
      make(
        "p",
        { class: "trap", "aria-hidden": "true" },
        make("label", { for: "trap" }, labels.trap),
        this.trap,
      ),
      consent,
      fine,
      this.choice,
      this.button,
    );
    const frame = make("div", { lang: language, dir: directionOf(language) }, this.form, this.said);
    root.append(frame);
    this.form.addEventListener("focusin", () => this.askForStamp());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send(false);
    });
  }

  private wordsOf(selector: string): string {
    return this.plain?.querySelector(selector)?.textContent?.trim() ?? "";
  }

  private fieldOf(name: string): string {
    const field = this.plain?.elements.namedItem(name);
    return field instanceof HTMLInputElement ? field.value : "";
  }

  private get service(): string {
    return new URL(this.plain?.action ?? "").origin;
  }

  private get key(): string {
    return this.getAttribute("partner") ?? this.fieldOf("partner");
  }

  private get preview(): boolean {
    return this.hasAttribute("preview");
  }

  private askForStamp(): Promise<Stamp | null> {
    if (this.preview) return Promise.resolve(null);
    this.stamp ??= fetch(`${this.service}/api/v1/form-stamp?partner=${encodeURIComponent(this.key)}`, {
      credentials: "omit",
    })
      .then(async (answer) => {
        const body = await answer.json();
        if (answer.ok) return { stamp: String(body.stamp), at: performance.now() };
        if (body.code === "frozen") this.end(this.labels.closed);
        return null;
      })
      .catch(() => null);
    return this.stamp;
  }

  private async send(keepDomain: boolean): Promise<void> {
    this.show(null);
    if (!this.email.checkValidity()) return this.show(this.labels.emailFault);
    if (this.preview) return this.end(this.labels.taken);
    this.busy(true);
    const stamp = await this.askForStamp();
    if (stamp === null) return this.form.isConnected ? this.handOver() : undefined;
    const waitMs = STAMP_MIN_MS - (performance.now() - stamp.at);
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const fields = new URLSearchParams({
      email: this.email.value,
      first_name: this.firstName.value,
      website: this.trap.value,
      partner: this.key,
      wording: this.fieldOf("wording"),
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "",
      page: location.pathname,
      stamp: stamp.stamp,
      ...(keepDomain ? { keep_domain: "yes" } : {}),
    });
    const answer = await fetch(`${this.service}/api/v1/subscriptions`, {
      method: "POST",
      credentials: "omit",
      body: fields,
    }).catch(() => null);
    const problem: Problem | null = (await answer?.json().catch(() => null)) ?? null;
    this.busy(false);
    if (answer?.status === 202) {
      this.dispatchEvent(new CustomEvent("themepost-taken", { bubbles: true, composed: true }));
      return this.end(this.labels.taken);
    }
    if (problem?.code === "frozen") return this.end(this.labels.closed);
    const [fault] = problem?.faults ?? [];
    if (answer?.status !== 422 || fault === undefined) return this.handOver();
    if (fault.suggestion !== undefined) return this.offer(fault.suggestion);
    this.show(fault.field === "first_name" ? this.labels.nameFault : this.labels.emailFault);
  }

  /** A fault in words, at the field; null takes it away. */
  private show(fault: string | null): void {
    this.busy(false);
    this.choice.hidden = true;
    this.button.hidden = false;
    this.fault.hidden = fault === null;
    this.fault.textContent = fault ?? "";
    if (fault === null) {
      this.email.removeAttribute("aria-invalid");
      this.email.removeAttribute("aria-describedby");
      return;
    }
    this.email.setAttribute("aria-invalid", "true");
    this.email.setAttribute("aria-describedby", "fault");
    this.email.focus();
  }

  /** Another spelling of the domain, which the visitor takes or leaves. */
  private offer(address: string): void {
    this.show(this.labels.didYouMean.replace("{address}", () => address));
    const take = make("button", { type: "button", "aria-describedby": "fault" }, this.labels.useSuggested);
    take.addEventListener("click", () => {
      this.email.value = address;
      void this.send(false);
    });
    const keep = make("button", { type: "button", class: "second" }, this.labels.keepTyped);
    keep.addEventListener("click", () => void this.send(true));
    this.choice.replaceChildren(take, keep);
    this.choice.hidden = false;
    this.button.hidden = true;
    take.focus();
  }

  private busy(busy: boolean): void {
    this.button.disabled = busy;
    this.said.textContent = busy ? this.labels.sending : "";
  }

  private end(words: string): void {
    this.form.remove();
    this.said.textContent = words;
    this.said.focus();
  }

  /** What does not work here works on the service's own page: the plain form goes there, with what was typed. */
  private handOver(): void {
    const { plain } = this;
    if (plain === null) return;
    const fill = (name: string, value: string) => {
      const field = plain.elements.namedItem(name);
      if (field instanceof HTMLInputElement) field.value = value;
      else plain.append(make("input", { type: "hidden", name, value }));
    };
    fill("email", this.email.value);
    fill("first_name", this.firstName.value);
    fill("website", this.trap.value);
    HTMLFormElement.prototype.submit.call(plain);
  }
}

if (customElements.get("themepost-form") === undefined)
  customElements.define("themepost-form", ThemepostForm);
