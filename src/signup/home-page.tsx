import type { Wording } from "../partners/partner.ts";
import { Page, type PageContext } from "../web/page.tsx";
import type { FieldFault, TypedSignUp } from "./form-reading.ts";
import { SignUpForm } from "./sign-up-form.tsx";

type HomePageProps = {
  readonly context: PageContext;
  readonly themes: ReadonlyArray<{
    readonly slug: string;
    readonly title: string;
    readonly preheader: string;
  }>;
  readonly slotWording: string;
  readonly typed: TypedSignUp;
  readonly faults: readonly FieldFault[];
  readonly wording: Pick<Wording, "text" | "locale">;
  readonly hidden: Readonly<Record<string, string>>;
};

/** The public page: what it is, the form, the themes, the questions that people ask. */
export function HomePage({ context, themes, slotWording, typed, faults, wording, hidden }: HomePageProps) {
  const faulty = faults.length > 0;
  const open = themes.length > 0;
  return (
    <Page
      title={
        faulty
          ? "Please check the form – Strengthening Bonds"
          : "Strengthening Bonds: weekly letters for mothers of sons"
      }
      context={context}
      description="Ten weekly letters about a strong mother–son relationship: one theme a week, ten minutes to try it, three questions to talk about."
      scripts={["/assets/form.js"]}
    >
      <p class="soft">Ten weekly letters</p>
      <h1>Strengthening Bonds</h1>
      <p class="lead">
        For mothers of sons of any age. Once a week a letter brings one theme, one small thing to try, and
        three questions that tend to start a real conversation.
      </p>
      <section class="card" aria-labelledby="form-title">
        <h2 id="form-title">{open ? "Start your letters" : "Not open yet"}</h2>
        {faulty ? (
          <p role="alert" class="error">
            Something is not right yet. What you typed is still here.
          </p>
        ) : null}
        {open ? (
          <SignUpForm typed={typed} faults={faults} wording={wording} hidden={hidden} />
        ) : (
          <p>The letters are being prepared. Please look in again soon.</p>
        )}
        <p class="small soft">
          {slotWording} You can choose another day and hour, pause, or stop whenever you like.
        </p>
      </section>
      <section aria-labelledby="themes-title">
        <h2 id="themes-title">What the letters are about</h2>
        <p>Nine themes, one a week, and a closing letter that gathers them on a page.</p>
        <ol class="themes">
          {themes.map((theme) => (
            <li>
              <div>
                <h3>{theme.title}</h3>
                <p>{theme.preheader}</p>
              </div>
            </li>
          ))}
        </ol>
      </section>
      <Questions />
    </Page>
  );
}

function Questions() {
  return (
    <section aria-labelledby="questions-title">
      <h2 id="questions-title">Questions people ask</h2>
      <details>
        <summary>How can I get my son to talk to me more openly?</summary>
        <p>
          Give him time with you that has no other purpose: a drive, a walk with the dog, the last ten minutes
          before bed. When he does say something, let it stand for a moment before you answer. If the first
          thing he meets is advice, or alarm, he learns to bring you less; if it is interest, he comes back
          with more.
        </p>
      </details>
      <details>
        <summary>Which activities bring us closer?</summary>
        <p>
          The ones that leave room to talk and to laugh. Take up a hobby that neither of you is good at, plan
          a small adventure for a Saturday, cook a dish from start to finish. And never underrate the plain
          routines: a lot of important things have been said over the washing-up.
        </p>
      </details>
      <details>
        <summary>Do we need to share interests?</summary>
        <p>
          It helps, and it is easier than it sounds. You do not have to love his game or his music; you only
          have to let him show you around in it, and then show him around in something of yours. Each visit to
          the other's world leaves a memory behind, some respect, and something to talk about next time.
        </p>
      </details>
      <details>
        <summary>My son is grown up. Is this still for me?</summary>
        <p>
          Yes. Each of the nine themes has a short part for mothers of young boys, of teenagers and of grown
          men. The themes are the same; what changes is who picks up the phone.
        </p>
      </details>
      <details>
        <summary>What does it cost, and what happens to my address?</summary>
        <p>
          Nothing, and as little as possible. Your address is used for these letters only. There are no
          tracking pixels and no counted clicks. <a href="/privacy">The privacy page</a> has the details.
        </p>
      </details>
    </section>
  );
}
