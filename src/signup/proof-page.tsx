import { Page, type PageContext } from "../web/page.tsx";
import type { ConsentRecord } from "./proof-queries.ts";

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
    <Page title={`Record of consent: ${address}`} context={context}>
      <h1>Record of consent</h1>
      <dl>
        <dt>Person</dt>
        <dd>{address}</dd>
        <dt>State</dt>
        <dd>{state}</dd>
        <dt>Sender</dt>
        <dd>
          {owner.name}, {owner.postalAddress}
        </dd>
        <dt>Made on</dt>
        <dd>{utc(madeAt)}</dd>
      </dl>
      {records.map((record) => (
        <Act record={record} />
      ))}
      <p class="small soft">
        Confirmed means: somebody opened the link in the mail that was sent to this address only, and pressed
        the button on the page behind it. Opening the link alone confirms nothing. The hash is the SHA-256 of
        the wording’s UTF-8 bytes. Wordings are never changed: another text is another version.
      </p>
    </Page>
  );
}

function Act({ record }: { readonly record: ConsentRecord }) {
  return (
    <section class="card" aria-labelledby={`consent-${record.consentId}`}>
      <h2 id={`consent-${record.consentId}`}>
        {record.confirmedAt === null ? "Asked for, not confirmed" : "Asked for and confirmed"}
      </h2>
      <blockquote lang={record.locale} dir="auto">
        {record.wordingText}
      </blockquote>
      <dl>
        <dt>Wording</dt>
        <dd>
          {record.wordingVersion} ({record.locale}), SHA-256 {record.wordingHash ?? "not kept at the time"}
        </dd>
        <dt>For</dt>
        <dd>{record.sequence}</dd>
        <dt>Form</dt>
        <dd>
          {record.partner === null
            ? "our own page"
            : `${record.partnerName} (${record.partner}), form key ${record.formKey}`}
        </dd>
        <dt>Page</dt>
        <dd>
          {record.origin ?? "not kept at the time"}
          {record.page}
        </dd>
        <dt>Asked for</dt>
        <dd>{utc(record.requestedAt)}</dd>
        <dt>Confirmation mail</dt>
        <dd>
          {record.mailId === null
            ? "none"
            : `${record.mailState}${record.mailSettledAt === null ? "" : ` on ${utc(record.mailSettledAt)}`}, delivery ${record.mailId}, provider’s number ${record.mailProviderId ?? "unknown"}`}
        </dd>
        <dt>Confirmed</dt>
        <dd>{record.confirmedAt === null ? "no" : `${utc(record.confirmedAt)}, by pressing the button`}</dd>
        <dt>Network</dt>
        <dd>{record.ipHash === null ? "not known, or not kept any more" : `keyed hash ${record.ipHash}`}</dd>
      </dl>
    </section>
  );
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
