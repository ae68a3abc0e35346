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
  const { person, mail, consents, consentDetails, enrollments, changes, optOuts, erasures } = data;
  return {
    made_at: iso(about.madeAt),
    person: answerRow(person),
    suppression:
      mail.person.suppression === null
        ? null
        : {
            reason: mail.person.suppression,
            since: iso(mail.person.suppressedAt),
            until: iso(mail.person.suppressedUntil),
          },
    suppressions: data.suppressions.map(({ at, until, ...row }) => ({
      since: iso(at),
      until: iso(until),
      ...answerRow(row),
    })),
    sequences: enrollments.map(answerRow),
    consents: consents.records.map(({ id, ...record }) => ({
      ...answerRow(consentDetails.find(({ consentId }) => consentId === id) ?? {}),
      ...answerRow({ ...record, disposable: Number(record.disposable) }),
    })),
    mail: mail.letters.map(answerRow),
    mailbox_reports: data.reports.map(({ at, reason, bounceClass, ...row }) => ({
      at: iso(at),
      ...answerRow(row),
      reason: bounceClass === null ? reason : `${bounceClass} ${reason}`.trim(),
    })),
    opt_outs: optOuts.map(({ at, said: _, ...row }) => ({ at: iso(at), ...row })),
    reasons_given: reasonsGiven(data).map(({ at, said }) => ({ at: iso(at), said })),
    tags: data.tags.map(answerRow),
    changes: changes.map(({ at, kind, by, request, was, became }) => ({
      at: iso(at),
      kind,
      by,
      request: JSON.parse(request) as unknown,
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

/** What a person said about leaving, oldest first. */
export function reasonsGiven({ optOuts }: Pick<PersonalData, "optOuts">) {
  return optOuts.flatMap(({ at, said }) => (said === null ? [] : [{ at, said }]));
}
