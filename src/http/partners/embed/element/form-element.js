import { didYouMean, directionOf, LABELS, languageOf } from "../../../../platform/texts/labels.ts";
import { emailField, nameField, trapField } from "./fields.ts";
import { make } from "./make.ts";
import { postPlain } from "./post-plain.ts";
import { STYLE } from "./style.ts";

/** As the service waits for one anyway, the form does so before it sends (signup/gate/stamp.ts). */
const STAMP_MIN_MS = 2000;
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
/**
 * `<themepost-form partner="…">` around the plain form, which it takes over: key, address of the service, wording and return
 * address are the plain form's. Asks the service for nothing before the visitor touches the form, and hands over to the
 * plain form's own page wherever something does not work. Its attribute `lang` wins over the page's; `preview` sends nothing.
 */
class ThemepostForm extends HTMLElement {
  plain = null;
  language = "en";
  labels = LABELS.en;
  stamp = null;
  form = make("form", { novalidate: "", part: "form" });
  email = emailField();
  firstName = nameField();
  trap = trapField();
  fault = make("p", { id: "fault", class: "fault", hidden: "" });
  said = make("p", { role: "status", tabindex: "-1" });
  button = make("button", { type: "submit" });
  choice = make("p", { hidden: "" });
  connectedCallback() {
    if (this.shadowRoot !== null) return;
    if (this.querySelector("form") !== null) {
      this.takeOver();
      return;
    }
    // A script may put the plain form in after the element.
    const observer = new MutationObserver(() => {
      if (this.shadowRoot !== null || this.querySelector("form") === null) return;
      observer.disconnect();
      this.takeOver();
    });
    observer.observe(this, { childList: true, subtree: true });
  }
  takeOver() {
    this.plain = this.querySelector("form");
    const spoken = this.closest("[lang]")?.getAttribute("lang") || this.plain?.lang;
    const language = languageOf(spoken);
    this.language = language;
    this.labels = LABELS[language];
    const { labels, plain } = this;
    if (plain === null) return;
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const consent = make("p", { class: "fine", dir: "auto" }, this.wordsOf("[data-wording]"), " ");
    const wordingLanguage = plain.querySelector("[data-wording]")?.getAttribute("lang");
    if (wordingLanguage) consent.setAttribute("lang", wordingLanguage);
    const privacy = plain.querySelector("a[data-privacy]")?.href;
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
    // A page that comes back from the browser's memory must not stand there waiting.
    addEventListener("pageshow", () => this.form.isConnected && this.busy(false));
    this.form.addEventListener("focusin", () => this.askForStamp());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send(false);
    });
  }
  wordsOf(selector) {
    return this.plain?.querySelector(selector)?.textContent?.trim() ?? "";
  }
  fieldOf(name) {
    const field = this.plain?.elements.namedItem(name);
    return field instanceof HTMLInputElement ? field.value : "";
  }
  get service() {
    return new URL(this.plain?.action ?? "").origin;
  }
  get key() {
    return this.getAttribute("partner") ?? this.fieldOf("partner");
  }
  get preview() {
    return this.hasAttribute("preview");
  }
  askForStamp() {
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
      .catch(() => null)
      .then((stamp) => {
        // The next try asks again.
        if (stamp === null) this.stamp = null;
        return stamp;
      });
    return this.stamp;
  }
  async send(keepDomain) {
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
      email: this.email.value,
      first_name: this.firstName.value,
      leave_empty: this.trap.value,
      lang: this.language,
      partner: this.key,
      wording: this.fieldOf("wording"),
      time_zone: timeZone(),
      page: location.pathname,
      stamp: stamp.stamp,
      ...(keepDomain ? { keep_domain: "yes" } : {}),
    });
    const answer = await fetch(`${this.service}/api/v1/subscriptions`, {
      method: "POST",
      credentials: "omit",
      body: fields,
    }).catch(() => null);
    const problem = (await answer?.json().catch(() => null)) ?? null;
    this.busy(false);
    if (answer?.status === 202) {
      this.dispatchEvent(new CustomEvent("themepost-taken", { bubbles: true, composed: true }));
      return this.end(this.labels.taken);
    }
    if (problem?.code === "frozen") return this.end(this.labels.closed);
    const [fault] = problem?.faults ?? [];
    if (answer?.status !== 422 || fault === undefined) {
      return this.handOver(problem?.code === "press:challenge");
    }
    if (fault.suggestion !== undefined) return this.offer(fault.suggestion);
    if (fault.field === "first_name") this.show(this.labels.nameFault, this.firstName);
    else this.show(this.labels.emailFault);
  }
  /** A fault in words, at its field; null takes it away. */
  show(fault, field = this.email) {
    this.busy(false);
    this.choice.hidden = true;
    this.button.hidden = false;
    this.fault.hidden = fault === null;
    this.fault.textContent = fault ?? "";
    for (const input of [this.email, this.firstName]) {
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
  offer(address) {
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
  busy(busy) {
    this.button.disabled = busy;
    this.said.textContent = busy ? this.labels.sending : "";
  }
  end(words) {
    this.form.remove();
    this.said.textContent = words;
    this.said.focus();
  }
  /** What does not work here works on the service's own page: the plain form goes there, with what was typed. */
  handOver(challenge) {
    const { plain } = this;
    this.busy(false);
    if (plain === null) return;
    const fields = {
      email: this.email.value,
      first_name: this.firstName.value,
      leave_empty: this.trap.value,
      lang: this.language,
      time_zone: timeZone(),
      page: location.pathname,
      challenge: challenge ? "1" : "",
    };
    postPlain(plain, fields);
  }
}
function timeZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
if (customElements.get("themepost-form") === undefined)
  customElements.define("themepost-form", ThemepostForm);
