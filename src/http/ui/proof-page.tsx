import type { ConsentRecord } from "../../domain/signup/queries/consent-records.ts";
import { letterState } from "./letter-state.ts";
import { Page } from "./page.tsx";
import { say } from "./say.ts";
import { Facts } from "./table.tsx";

type ProofPageProps = {
  readonly owner: { readonly name: string; readonly postalAddress: string };
  readonly address: string;
  readonly state: string;
  readonly records: readonly ConsentRecord[];
  readonly madeAt: number;
};

/** The records of one person's consent, to be printed: the whole declaration, where and when it was made and confirmed. */
export function ProofPage({ owner, address, state, records, madeAt }: ProofPageProps) {
  return (
    <Page title={say("proof.title", { address })}>
      <h1>{say("proof.heading")}</h1>
      <Facts
        of={[
          [say("proof.person"), address],
          [say("proof.state"), state],
          [say("proof.sender"), `${owner.name}, ${owner.postalAddress}`],
          [say("proof.madeOn"), utc(madeAt)],
        ]}
      />
      {records.map((record) => (
        <Act record={record} />
      ))}
      <p class="small soft">{say("proof.note")}</p>
    </Page>
  );
}

/** One act of consent: what was agreed to, where and when, and what confirmed it. */
export function Act({ record, level = 2 }: { readonly record: ConsentRecord; readonly level?: 2 | 3 }) {
  const id = `consent-${record.id}`;
  const title = say(record.confirmedAt === null ? "proof.unconfirmedAct" : "proof.confirmedAct");
  return (
    <section class="card" aria-labelledby={id}>
      {level === 2 ? <h2 id={id}>{title}</h2> : <h3 id={id}>{title}</h3>}
      <blockquote lang={record.locale} dir="auto">
        {record.wordingText}
      </blockquote>
      <Facts
        of={[
          [
            say("proof.wording"),
            say("proof.wordingHash", {
              version: record.wordingVersion,
              locale: record.locale,
              hash: record.wordingHash,
            }),
          ],
          [say("proof.for"), record.sequence ?? say("between.these")],
          [say("proof.form"), formOf(record)],
          [say("proof.page"), `${record.origin}${record.page}`],
          [say("proof.asked"), utc(record.requestedAt)],
          [say("proof.mail"), mailSaid(record)],
          [
            say("proof.confirmed"),
            record.confirmedAt === null
              ? say("proof.notConfirmed")
              : say("proof.pressed", { time: utc(record.confirmedAt) }),
          ],
          [
            say("proof.network"),
            record.ipHash === null
              ? say("proof.noNetwork")
              : say("proof.networkHash", { hash: record.ipHash }),
          ],
        ]}
      />
    </section>
  );
}

function formOf({ partner, partnerName, formKey }: ConsentRecord): string {
  if (partner === null) return say("proof.ownPage");
  return say("proof.partner", { name: partnerName ?? "", slug: partner, key: formKey ?? "" });
}

/** What became of the confirmation mail. */
function mailSaid(record: ConsentRecord): string {
  const { mailId, mailState, mailProviderId, mailSettledAt } = record;
  if (mailId === null) return say("proof.noMail");
  const mail = {
    id: mailId,
    state: letterState(mailState ?? ""),
    number: mailProviderId ?? say("proof.unknownNumber"),
  };
  return mailSettledAt === null
    ? say("proof.mailOpen", mail)
    : say("proof.mailSettled", { ...mail, time: utc(mailSettledAt) });
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
