import type { ConsentRecord } from "../../domain/signup/queries/consent-records.ts";
import { inWords } from "./date.tsx";
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

/**
 * One act of consent: what was agreed to, where and when, and what confirmed it. As proof it has hashes, numbers and UTC; with the `zone` of
 * a reader it says the same in words and on their clock.
 */
export function Act({
  record,
  level = 2,
  zone,
}: {
  readonly record: ConsentRecord;
  readonly level?: 2 | 3;
  readonly zone?: string;
}) {
  const time = (at: number) => (zone === undefined ? utc(at) : inWords(at, zone));
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
          zone === undefined
            ? [
                say("proof.wording"),
                say("proof.wordingHash", {
                  version: record.wordingVersion,
                  locale: record.locale,
                  hash: record.wordingHash,
                }),
              ]
            : null,
          [say("proof.for"), record.sequence ?? say("between.these")],
          [say("proof.form"), formOf(record)],
          [say("proof.page"), `${record.origin}${record.page}`],
          [say("proof.asked"), time(record.requestedAt)],
          [say("proof.mail"), zone === undefined ? mailSaid(record) : mailInWords(record, time)],
          [
            say("proof.confirmed"),
            record.confirmedAt === null
              ? say("proof.notConfirmed")
              : say("proof.pressed", { time: time(record.confirmedAt) }),
          ],
          [
            say("proof.network"),
            record.ipHash === null
              ? say("proof.noNetwork")
              : zone === undefined
                ? say("proof.networkHash", { hash: record.ipHash })
                : say("proof.networkKept"),
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

/** The same without the numbers that only services know. */
function mailInWords(record: ConsentRecord, time: (at: number) => string): string {
  const { mailId, mailState, mailSettledAt } = record;
  if (mailId === null) return say("proof.noMail");
  const state = letterState(mailState ?? "");
  return mailSettledAt === null ? state : say("data.eventLine", { date: time(mailSettledAt), what: state });
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
