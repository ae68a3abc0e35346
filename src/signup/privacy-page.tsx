import { Page, type PageContext } from "../web/page.tsx";

type PrivacyPageProps = {
  readonly context: PageContext;
  readonly owner: { readonly name: string; readonly postalAddress: string };
  readonly contact: string;
  readonly provider: "resend" | "mailbox";
};

/** What is stored about people, why, for how long, and how to get out. */
export function PrivacyPage({ context, owner, contact, provider }: PrivacyPageProps) {
  return (
    <Page title="Privacy" context={context} description="What we store about you, why, and how to leave.">
      <h1>Privacy</h1>
      <p class="lead">We keep what it takes to send you a letter a week, and nothing to watch you with.</p>
      <h2>What we store</h2>
      <ul>
        <li>Your email address, and your first name if you gave it.</li>
        <li>The weekday, hour and time zone in which you want your letters.</li>
        <li>
          The record of your consent: the exact words you agreed to, the site and page, and when you asked and
          confirmed. We must be able to show it. It also holds a keyed hash of your address without dots and
          tags, and for 30 days one of your network address; from neither can anybody read what it was made
          of. They keep forms from being used against you.
        </li>
        <li>Which letters were sent to you, when, and whether the mail service took them.</li>
      </ul>
      <h2>What we do not do</h2>
      <p>
        No tracking pixels, no counted clicks, no cookies, no advertising, no sale or exchange of addresses.
        These pages load nothing from anybody else, but for one: when very many sign-ups come in at once, the
        sign-up page may ask Cloudflare’s Turnstile whether you are a person.
      </p>
      <h2>Who else handles it</h2>
      <p>
        The service runs on Cloudflare, which stores the data for us.{" "}
        {provider === "resend"
          ? "Letters travel through Resend, which receives your address and the letter in order to deliver it."
          : "In trial mode no letter leaves this machine."}{" "}
        If you signed up on somebody else’s site, that site and we are responsible together for what its form
        collects. It learns how many people signed up there by week, and never who.
      </p>
      <h2>How long</h2>
      <p>
        Until you ask us to erase it. When you unsubscribe, the letters stop at once; your address, name and
        settings, the record of your consent and of what was sent stay, as proof and so that you can carry on
        where you left off. The same goes if you never confirmed, or have had all the letters.
      </p>
      <h2>Leaving, and asking</h2>
      <p>
        Each letter has a link that stops it, and a link to change the day or pause. To see what we hold about
        you, to have it corrected or erased, write to <a href={`mailto:${contact}`}>{contact}</a>; a person
        answers.
      </p>
      <p class="soft">
        {owner.name}, {owner.postalAddress}
      </p>
    </Page>
  );
}
