import type { ReaderQuestion } from "../../domain/sequences/question.ts";
import type { FieldFault, TypedSignUp } from "../../domain/signup/form-reading.ts";
import { TURNSTILE_ACTION } from "../../domain/signup/gate/turnstile.ts";
import type { PressWhy } from "../../domain/signup/judge-post.ts";
import type { Wording } from "../../domain/signup/partners/partner.ts";
import { LABELS } from "../../platform/texts/labels.ts";
import { ASSETS } from "../ui/assets.ts";
import { Button, Buttons } from "../ui/form.tsx";
import { Page } from "../ui/page.tsx";
import { say } from "../ui/say.ts";
import { shown } from "../ui/shown.ts";
import { SignUpForm } from "../ui/sign-up-form.tsx";

type PressPageProps = {
  readonly why: PressWhy;
  readonly typed: TypedSignUp;
  readonly faults: readonly FieldFault[];
  readonly wording: Wording;
  readonly question: ReaderQuestion | null;
  readonly hidden: Readonly<Record<string, string>>;
  /** The site key of the challenge, where one is asked for. */
  readonly challenge: string | null;
};

/** Our own page for a form that proves nothing by itself: what was typed, the wording, and a button. */
export function PressPage(props: PressPageProps) {
  const { why, typed, faults, wording, question, hidden, challenge } = props;
  const { language } = shown();
  const labels = LABELS[language];
  const suggestion = faults.find((fault) => fault.suggestion !== undefined)?.suggestion;
  const title =
    suggestion !== undefined
      ? say("press.suggestionTitle")
      : faults.length > 0
        ? say("press.checkTitle")
        : say("press.title");
  return (
    <Page
      title={title}
      scripts={challenge === null ? [ASSETS["zone.js"]] : [ASSETS["zone.js"], TURNSTILE_SCRIPT]}
    >
      <h1>{title}</h1>
      {faults.length > 0 ? null : (
        <p class="lead">{why === "challenge" ? say("press.challengeLead") : say("press.lead")}</p>
      )}
      <SignUpForm {...{ language, typed, faults, wording, question, hidden }} card>
        {challenge === null ? null : (
          <>
            <div
              class="cf-turnstile"
              data-sitekey={challenge}
              data-action={TURNSTILE_ACTION}
              data-language={language}
            />
            <noscript>
              <p>{say("press.noScript")}</p>
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
