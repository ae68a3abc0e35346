import type { FieldFault, TypedSignUp } from "../../domain/signup/form-reading.ts";
import { TURNSTILE_ACTION } from "../../domain/signup/gate/turnstile.ts";
import type { PressWhy } from "../../domain/signup/judge-post.ts";
import type { Wording } from "../../domain/signup/partners/partner.ts";
import { LABELS, type Language } from "../../platform/texts/labels.ts";
import { say } from "../../platform/texts/texts.ts";
import { ASSETS } from "../ui/assets.ts";
import { Button, Buttons } from "../ui/form.tsx";
import { Page } from "../ui/page.tsx";
import { SignUpForm } from "../ui/sign-up-form.tsx";

type PressPageProps = {
  readonly language: Language;
  readonly why: PressWhy;
  readonly typed: TypedSignUp;
  readonly faults: readonly FieldFault[];
  readonly wording: Wording;
  readonly hidden: Readonly<Record<string, string>>;
  /** The site key of the challenge, where one is asked for. */
  readonly challenge: string | null;
};

/** Our own page for whoever posted a form that proves nothing by itself: what was typed, the wording, and a button. */
export function PressPage(props: PressPageProps) {
  const { language, why, typed, faults, wording, hidden, challenge } = props;
  const labels = LABELS[language];
  const suggestion = faults.find((fault) => fault.suggestion !== undefined)?.suggestion;
  const title =
    suggestion !== undefined
      ? say("press.suggestionTitle", {}, language)
      : faults.length > 0
        ? say("press.checkTitle", {}, language)
        : say("press.title", {}, language);
  return (
    <Page
      title={title}
      language={language}
      scripts={challenge === null ? [ASSETS["zone.js"]] : [ASSETS["zone.js"], TURNSTILE_SCRIPT]}
    >
      <h1>{title}</h1>
      {faults.length > 0 ? null : (
        <p class="lead">
          {why === "challenge" ? say("press.challengeLead", {}, language) : say("press.lead", {}, language)}
        </p>
      )}
      <SignUpForm language={language} typed={typed} faults={faults} wording={wording} hidden={hidden} card>
        {challenge === null ? null : (
          <>
            <div
              class="cf-turnstile"
              data-sitekey={challenge}
              data-action={TURNSTILE_ACTION}
              data-language={language}
            />
            <noscript>
              <p>{say("press.noScript", {}, language)}</p>
            </noscript>
          </>
        )}
        {suggestion === undefined ? (
          <Button>{labels.button}</Button>
        ) : (
          <Buttons>
            <Button name="use_suggested" value="yes">
              {labels.useSuggested}
            </Button>
            <Button name="keep_domain" value="yes" quiet>
              {labels.keepTyped}
            </Button>
          </Buttons>
        )}
      </SignUpForm>
    </Page>
  );
}

/** Cloudflare asks for its script to be loaded from this address and no other (developers.cloudflare.com/turnstile). */
const TURNSTILE_SCRIPT = "https://challenges.cloudflare.com/turnstile/v0/api.js";
