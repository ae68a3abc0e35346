import type { PersonalData } from "../../domain/privacy/personal-data.ts";
import { answerRow, iso } from "../ui/answer-row.ts";

/**
 * What is stored about a person, for a file (GDPR article 20): names in snake_case, instants as ISO 8601 text, with who else handles the data and how
 * long it is kept.
 */
export function exportOf(
  data: PersonalData,
  about: {
    readonly madeAt: number;
    readonly keep: { readonly eventDays: number; readonly changeDays: number; readonly networkDays: number };
    readonly carrier: "resend" | "mailbox";
  },
) {
  const { person, mail, consents, consentDetails, enrollments, changes, said, erasures } = data;
  return {
    made_at: iso(about.madeAt),
    person: { address: consents.address, state: consents.state, ...answerRow(person) },
    suppression:
      mail.person.suppression === null
        ? null
        : {
            reason: mail.person.suppression,
            since: iso(mail.person.suppressedAt),
            until: iso(mail.person.suppressedUntil),
          },
    sequences: enrollments.map(answerRow),
    consents: consents.records.map((record) => ({
      ...answerRow({ ...record, disposable: Number(record.disposable) }),
      ...answerRow(consentDetails.find(({ consentId }) => consentId === record.consentId) ?? {}),
    })),
    mail: mail.letters.map(answerRow),
    mailbox_reports: mail.feedback.map(({ at, ...row }) => ({ at: iso(at), ...row })),
    opt_outs: mail.optOuts.map(({ at, ...row }) => ({ at: iso(at), ...row })),
    reasons_given: said.map(({ at, ...row }) => ({ at: iso(at), ...row })),
    changes: changes.map(({ at, kind, was, became }) => ({
      at: iso(at),
      kind,
      before: JSON.parse(was) as unknown,
      after: JSON.parse(became) as unknown,
    })),
    erasure_requests: erasures.map(answerRow),
    processors: [
      { name: "Cloudflare", for: "storage and computing" },
      ...(about.carrier === "resend" ? [{ name: "Resend", for: "carrying the mail" }] : []),
    ],
    kept_days: {
      mailbox_reports: about.keep.eventDays,
      changes: about.keep.changeDays,
      network: about.keep.networkDays,
    },
  };
}
