import type { Config } from "../../platform/config.ts";
import { Page } from "../ui/page.tsx";
import { say, sayWith } from "../ui/say.ts";

type PrivacyPageProps = {
  readonly owner: { readonly name: string; readonly postalAddress: string };
  readonly contact: string;
  readonly provider: "resend" | "mailbox";
  readonly keep: Config["keep"];
};

/** What is stored about people, why, for how long, and how to get out. */
export function PrivacyPage({ owner, contact, provider, keep }: PrivacyPageProps) {
  return (
    <Page title={say("privacy.title")} description={say("privacy.description")}>
      <h1>{say("privacy.title")}</h1>
      <p class="lead">{say("privacy.lead")}</p>
      <h2>{say("privacy.stored")}</h2>
      <ul>
        <li>{say("privacy.storedAddress")}</li>
        <li>{say("privacy.storedSlot")}</li>
        <li>{say("privacy.storedConsent")}</li>
        <li>{say("privacy.storedLetters")}</li>
      </ul>
      <h2>{say("privacy.not")}</h2>
      <p>{say("privacy.notText")}</p>
      <h2>{say("privacy.others")}</h2>
      <p>{say("privacy.othersText", { provider })}</p>
      <h2>{say("privacy.howLong")}</h2>
      <p>
        {say("privacy.howLongText", {
          pending: keep.pendingDays,
          events: keep.eventDays,
          changes: keep.changeDays,
          network: keep.networkDays,
        })}
      </p>
      <p>{say("privacy.backups", { provider })}</p>
      <h2>{say("privacy.leaving")}</h2>
      <p>
        {sayWith(
          "privacy.leavingText",
          { link: (inner) => <a href={`mailto:${contact}`}>{inner}</a> },
          { contact },
        )}
      </p>
      <p class="soft">
        {owner.name}, {owner.postalAddress}
      </p>
    </Page>
  );
}
