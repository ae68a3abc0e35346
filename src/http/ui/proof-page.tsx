import type { ConsentRecord } from "../../domain/signup/queries/consent-records.ts";
import { say } from "../../platform/texts/texts.ts";
import { Page, type PageContext } from "./page.tsx";

type ProofPageProps = {
  readonly context: PageContext;
  readonly owner: { readonly name: string; readonly postalAddress: string };
  readonly address: string;
  readonly state: string;
  readonly records: readonly ConsentRecord[];
  readonly madeAt: number;
};

/** The records of one person's consent, to be printed: the whole declaration, where and when it was made and confirmed. */
export function ProofPage({ context, owner, address, state, records, madeAt }: ProofPageProps) {
  return (
    <Page title={say("proof.title", { address })} context={context}>
      <h1>{say("proof.heading")}</h1>
      <dl>
        <dt>{say("proof.person")}</dt>
        <dd>{address}</dd>
        <dt>{say("proof.state")}</dt>
        <dd>{state}</dd>
        <dt>{say("proof.sender")}</dt>
        <dd>
          {owner.name}, {owner.postalAddress}
        </dd>
        <dt>{say("proof.madeOn")}</dt>
        <dd>{utc(madeAt)}</dd>
      </dl>
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
      <dl>
        <dt>{say("proof.wording")}</dt>
        <dd>
          {say("proof.wordingHash", {
            version: record.wordingVersion,
            locale: record.locale,
            hash: record.wordingHash,
          })}
        </dd>
        <dt>{say("proof.for")}</dt>
        <dd>{record.sequence}</dd>
        <dt>{say("proof.form")}</dt>
        <dd>
          {record.partner === null
            ? say("proof.ownPage")
            : say("proof.partner", {
                name: record.partnerName ?? "",
                slug: record.partner,
                key: record.formKey ?? "",
              })}
        </dd>
        <dt>{say("proof.page")}</dt>
        <dd>
          {record.origin}
          {record.page}
        </dd>
        <dt>{say("proof.asked")}</dt>
        <dd>{utc(record.requestedAt)}</dd>
        <dt>{say("proof.mail")}</dt>
        <dd>{mailSaid(record)}</dd>
        <dt>{say("proof.confirmed")}</dt>
        <dd>
          {record.confirmedAt === null
            ? say("proof.notConfirmed")
            : say("proof.pressed", { time: utc(record.confirmedAt) })}
        </dd>
        <dt>{say("proof.network")}</dt>
        <dd>
          {record.ipHash === null
            ? say("proof.noNetwork")
            : say("proof.networkHash", { hash: record.ipHash })}
        </dd>
      </dl>
    </section>
  );
}

/** What became of the confirmation mail. */
function mailSaid(record: ConsentRecord): string {
  const { mailId, mailState, mailProviderId, mailSettledAt } = record;
  if (mailId === null) return say("proof.noMail");
  const mail = {
    id: mailId,
    state: mailState ?? "",
    number: mailProviderId ?? say("proof.unknownNumber"),
  };
  return mailSettledAt === null
    ? say("proof.mailOpen", mail)
    : say("proof.mailSettled", { ...mail, time: utc(mailSettledAt) });
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
