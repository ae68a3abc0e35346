import { didYouMean, LABELS, type Labels } from "../../../../platform/texts/labels.ts";
import { directionOf, type Language, languageOf } from "../../../../platform/texts/languages.ts";
import { signUpFields, trapField } from "./fields.ts";
import { make } from "./make.ts";
import { isFramed, isThere, type PlainForm, postPlain, readPlainForm } from "./plain-form.ts";
import { STYLE } from "./style.ts";

/** As the service waits for one anyway, the form does so before it sends (signup/gate/stamp.ts). */
const STAMP_MIN_MS = 2000;

type Stamp = { readonly stamp: string; readonly at: number };
type Fault = { readonly field?: string; readonly message?: string; readonly suggestion?: string };
type Problem = { readonly code?: string; readonly detail?: string; readonly faults?: readonly Fault[] };

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

/**
 * `<themepost-form partner="…">` around the plain form, which it takes over: key, address of the service, wording and return
 * address are the plain form's. Asks the service for nothing before the visitor touches the form, and hands over to the
 * plain form's own page wherever something does not work. Its attribute `lang` wins over the page's; `preview` sends nothing.
 */
class ThemepostForm extends HTMLElement {
  private plain: PlainForm | null = null;
  private language: Language = "en";
  private labels: Labels = LABELS.en;
  private stamp: Promise<Stamp | null> | null = null;
  private readonly form = make("form", { novalidate: "", part: "form" });
  private readonly fields = signUpFields();
  private readonly email = this.fields[0]?.input ?? make("input");
  private readonly trap = trapField();
  private readonly fault = make("p", { id: "fault", class: "fault", hidden: "" });
  private readonly said = make("p", { role: "status", tabindex: "-1" });
  private readonly button = make("button", { type: "submit" });
  private readonly choice = make("p", { hidden: "" });

  connectedCallback(): void {
    if (this.shadowRoot !== null) return;
    if (isThere(this)) {
      this.takeOver();
      return;
    }
    // A script may put the plain form in after the element, or the page isn't read yet.
    const look = () => {
      if (this.shadowRoot !== null || !isThere(this)) return;
      observer.disconnect();
      this.takeOver();
    };
    const observer = new MutationObserver(look);
    observer.observe(this, { childList: true, subtree: true });
    document.addEventListener("DOMContentLoaded", look, { once: true });
  }

  private takeOver(): void {
    const plain = readPlainForm(this);
    this.plain = plain;
    const language = languageOf(this.closest("[lang]")?.getAttribute("lang") || plain.language);
    this.language = language;
    this.labels = LABELS[language];
    const { labels } = this;
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const consent = make("p", { class: "fine", dir: "auto" }, plain.wording?.textContent?.trim() ?? "", " ");
    const wordingLanguage = plain.wording?.getAttribute("lang");
    if (wordingLanguage) consent.setAttribute("lang", wordingLanguage);
    const fine = make("p", { class: "fine" });
    if (plain.privacy !== null)
      fine.append(make("a", { href: plain.privacy, target: "_blank", rel: "noopener" }, labels.privacy));
    this.button.append(labels.button);
    this.form.append(
      ...this.fields.flatMap(({ definition, input }) => [
        make("label", { for: input.id }, definition.label[language]),
        input,
      ]),
      this.fault,
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
    root.append(make("div", { lang: language, dir: directionOf(language) }, this.form, this.said));
    // A page that comes back from the browser's memory must not stand there waiting.
    addEventListener("pageshow", () => this.form.isConnected && this.busy(false));
    this.form.addEventListener("focusin", () => this.askForStamp());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send(false);
    });
  }

  /** What the visitor typed and where, by the names of the fields. */
  private typed(): Record<string, string> {
    return {
      ...Object.fromEntries(this.fields.map(({ input }) => [input.name, input.value])),
      leave_empty: this.trap.value,
      language: this.language,
      time_zone: timeZone(),
      page: location.pathname,
    };
  }

  private get preview(): boolean {
    return this.hasAttribute("preview");
  }

  private askForStamp(): Promise<Stamp | null> {
    if (this.preview) return Promise.resolve(null);
    this.stamp ??= fetch(
      `${this.plain?.service}/api/v1/form-stamp?partner=${encodeURIComponent(this.plain?.key ?? "")}`,
      {
        credentials: "omit",
      },
    )
      .then(async (answer) => {
        const body = await answer.json();
        if (answer.ok) return { stamp: String(body.stamp), at: performance.now() };
        if (body.code === "frozen") this.end(this.labels.closed);
        return null;
      })
      .catch(() => null)
      .then((stamp) => {
        // The next try asks again.
        if (stamp === null) this.stamp = null;
        return stamp;
      });
    return this.stamp;
  }

  private async send(keepDomain: boolean): Promise<void> {
    this.show(null);
    this.said.focus();
    if (!this.email.checkValidity()) return this.show(this.labels.emailFault);
    if (this.preview) return this.end(this.labels.taken);
    this.busy(true);
    const stamp = await this.askForStamp();
    if (stamp === null) return this.form.isConnected ? this.handOver(false) : undefined;
    const waitMs = STAMP_MIN_MS - (performance.now() - stamp.at);
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const fields = new URLSearchParams({
      ...this.typed(),
      partner: this.plain?.key ?? "",
      wording: this.plain?.wordingVersion ?? "",
      stamp: stamp.stamp,
      ...(keepDomain ? { keep_domain: "yes" } : {}),
    });
    const answer = await fetch(`${this.plain?.service}/api/v1/subscriptions`, {
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
    // What's written for visitors, in the language of the form.
    if (problem?.code?.startsWith("stopped:") && problem.detail !== undefined)
      return this.end(problem.detail, true);
    const [fault] = problem?.faults ?? [];
    if (answer?.status !== 422 || fault === undefined) {
      return this.handOver(problem?.code === "press:challenge");
    }
    if (fault.suggestion !== undefined) return this.offer(fault.suggestion);
    const faulty = this.fields.find(({ input }) => input.name === fault.field) ?? this.fields[0];
    if (faulty !== undefined)
      this.show(fault.message ?? faulty.definition.fault[this.language], faulty.input);
  }

  /** A fault in words, at its field; null takes it away. */
  private show(fault: string | null, field: HTMLInputElement = this.email): void {
    this.busy(false);
    this.choice.hidden = true;
    this.button.hidden = false;
    this.fault.hidden = fault === null;
    this.fault.textContent = fault ?? "";
    for (const { input } of this.fields) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
    if (fault === null) return;
    field.after(this.fault);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", "fault");
    field.focus();
  }

  /** Another spelling of the domain, which the visitor takes or leaves. */
  private offer(address: string): void {
    this.show(didYouMean(address, this.language));
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

  private end(words: string, mayTryAgain = false): void {
    if (!mayTryAgain) this.form.remove();
    this.said.textContent = words;
    this.said.focus();
  }

  /**
   * What does not work here works on the service's own page: the plain form goes there, with what was typed. From a frame only a window of
   * its own leads there, which browsers open for a press.
   */
  private handOver(challenge: boolean): void {
    const { plain } = this;
    this.busy(false);
    if (plain === null) return;
    const go = () => postPlain(plain.form, { ...this.typed(), challenge: challenge ? "1" : "" });
    if (!isFramed()) {
      go();
      return;
    }
    const button = make("button", { type: "button" }, this.labels.goOn);
    button.addEventListener("click", go);
    this.choice.replaceChildren(button);
    this.choice.hidden = false;
    this.button.hidden = true;
    button.focus();
  }
}

function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

if (customElements.get("themepost-form") === undefined)
  customElements.define("themepost-form", ThemepostForm);
