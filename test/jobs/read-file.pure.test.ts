import { expect, test } from "vitest";
import { decodeFile, separatorOf } from "../../src/domain/jobs/import/decode-file.ts";
import { type Intent, judgeLine, type Known } from "../../src/domain/jobs/import/judge-line.ts";
import { recordsOf } from "../../src/domain/jobs/import/parse-file.ts";
import { type LineReading, readLine } from "../../src/domain/jobs/import/read-line.ts";
import { recognise } from "../../src/domain/jobs/import/recognise.ts";
import type { ImportedLine } from "../../src/platform/db/schema/index.ts";

async function allOf(text: string): Promise<ImportedLine[]> {
  const records: ImportedLine[] = [];
  for await (const record of recordsOf(text)) records.push(record);
  return records;
}

/** What each line of a file says of its person, by address; what can't be used by its line. */
async function readingsOf(bytes: Uint8Array<ArrayBuffer> | string, name = "people.csv") {
  const text = decodeFile(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
  const records = await allOf(text);
  const recognised = recognise(records[0]?.cells ?? [], name);
  const lines = records.slice(1).map(({ line, cells }) => [line, readLine(cells, recognised)] as const);
  return { recognised, lines, said: Object.fromEntries(lines.map(([line, read]) => saidOf(line, read))) };
}

function saidOf(line: number, read: LineReading): [string, string] {
  if (read.kind === "unusable") return [`line ${line}`, read.why];
  return [read.address.key, read.kind === "stop" ? read.reason : read.kind];
}

const FILES: ReadonlyArray<{ source: string; name?: string; file: string; says: Record<string, string> }> = [
  {
    source: "mailchimp",
    name: "subscribed_members_export_1a2b.csv",
    file: 'Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,TIMEZONE,LEID,NOTES,TAGS\nada@web.de,"Ada ",2,2024-01-02 03:04:05,2024-01-02 03:05:00,Europe/Berlin,1,,"""VIP"",""Blog"""\n',
    says: { "ada@web.de": "wants" },
  },
  {
    source: "mailchimp",
    name: "unsubscribed_members_export_1a2b.csv",
    file: "Email Address,MEMBER_RATING,UNSUB_TIME,UNSUB_REASON,UNSUB_TIME,LEID\nbea@web.de,2,2024-01-02 03:04:05,,2024-01-02 03:04:05,1\n",
    says: { "bea@web.de": "unsubscribed" },
  },
  {
    source: "mailchimp",
    name: "cleaned_members_export_1a2b.csv",
    file: "Deine E-Mail Adresse,MEMBER_RATING,CLEAN_TIME,LEID\ncleo@web.de,2,2024-01-02 03:04:05,1\n",
    says: { "cleo@web.de": "bounce" },
  },
  {
    source: "ghost",
    file: "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers\r\n1,ada@web.de,Ada Byron,,true,,,2024-01-01T00:00:00.000Z,,a,\r\n2,bea@web.de,,,false,,,2024-01-01T00:00:00.000Z,,,\r\n3,cleo@web.de,,,,,,2024-01-01T00:00:00.000Z,,,\r\n4,dora@web.de,,,true,,,2024-01-01T00:00:00.000Z,2024-02-01T00:00:00.000Z,,\r\n",
    says: {
      "ada@web.de": "wants",
      "bea@web.de": "unsubscribed",
      "cleo@web.de": "left_out",
      "dora@web.de": "left_out",
    },
  },
  {
    source: "substack",
    file: "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at\nada@web.de,false,,other,false,2024-01-01T00:00:00.000Z,\nbea@web.de,true,,yearly,true,2024-01-01T00:00:00.000Z,\nx@deletion-request.substack.com,false,,other,false,2024-01-01T00:00:00.000Z,\n",
    says: { "ada@web.de": "wants", "bea@web.de": "unsubscribed", "line 4": "no_address" },
  },
  {
    source: "beehiiv",
    file: "email,First Name,Last Name,status,tier,created_at,stripe_customer_id,unsubscribed_at\nada@web.de, Ada ,,active,free,2023-03-24 10:23:10 UTC,,\nbea@web.de,,,inactive,free,2023-03-24 10:23:10 UTC,,2023-04-24 10:23:10 UTC\ncleo@web.de,,,pending,free,2023-03-24 10:23:10 UTC,,\n",
    says: { "ada@web.de": "wants", "bea@web.de": "unsubscribed", "cleo@web.de": "left_out" },
  },
  {
    source: "listmonk",
    file: 'uuid,email,name,attributes,status,created_at,updated_at\nu1,ada@web.de,Ada,"{""city"": ""Linz""}",enabled,2026-07-21 12:53:04.12 +0530 IST,2026-07-21 12:53:04.12 +0530 IST\nu2,bea@web.de,,{},blocklisted,,\nu3,cleo@web.de,,{},disabled,,\n',
    says: { "ada@web.de": "wants", "bea@web.de": "owner", "cleo@web.de": "unsubscribed" },
  },
  {
    source: "buttondown",
    file: "id,secondary_id,email,notes,subscriber_type,referrer_url,utm_source,creation_date,tags,metadata\n1,1,ada@web.de,,regular,,,2024-03-13 00:03:09.183465+00:00,a;b,{}\n2,2,bea@web.de,,unactivated,,,,,\n3,3,cleo@web.de,,complained,,,,,\n4,4,dora@web.de,,undeliverable,,,,,\n5,5,eva@web.de,,removed,,,,,\n6,6,fay@web.de,,wizard,,,,,\n",
    says: {
      "ada@web.de": "wants",
      "bea@web.de": "left_out",
      "cleo@web.de": "complaint",
      "dora@web.de": "bounce",
      "eva@web.de": "owner",
      "line 7": "unknown_state",
    },
  },
  {
    source: "mailerlite",
    file: "Subscriber;Name;Subscribed;Groups\nada@web.de;Ada;2024-01-01;Garden\n",
    says: { "ada@web.de": "wants" },
  },
  {
    source: "kit",
    file: "first_name,email,created_at,status\nAda,ada@web.de,2024-01-01,Confirmed\n,bea@web.de,2024-01-01,Cancelled\n,cleo@web.de,2024-01-01,Unconfirmed\n",
    says: { "ada@web.de": "wants", "bea@web.de": "unsubscribed", "cleo@web.de": "left_out" },
  },
];

test.each(FILES)(
  "a file of $source says of each person whether they still want mail",
  async ({ source, name, file, says }) => {
    const { recognised, said } = await readingsOf(file, name);
    expect(recognised.source).toBe(source);
    expect(said).toEqual(says);
  },
);

const utf16 = (text: string, mark: boolean) => {
  const units = [...(mark ? "\ufeff" : ""), ...text].map((char) => char.charCodeAt(0));
  return Uint8Array.from(units.flatMap((unit) => [unit & 255, unit >> 8]));
};
const latin1 = (text: string) => Uint8Array.from([...text].map((char) => char.charCodeAt(0)));

test.each([
  ["UTF-8 with a mark", new TextEncoder().encode("\ufeffE-Mail;Vorname\r\nada@web.de;Jürgen\r\n")],
  ["UTF-16 with a mark", utf16("E-Mail\tVorname\r\nada@web.de\tJürgen\r\n", true)],
  ["UTF-16 without one", utf16("E-Mail\tVorname\r\nada@web.de\tJürgen\r\n", false)],
  ["Windows-1252", latin1("E-Mail;Vorname\nada@web.de;J\u00fcrgen\n")],
  ["carriage returns alone", new TextEncoder().encode("E-Mail,Vorname\rada@web.de,Jürgen\r")],
  [
    "no-break spaces around",
    new TextEncoder().encode("E-Mail,Vorname\n\u00a0ada@web.de\u200b,\u00a0Jürgen\n"),
  ],
] as const)("a file in %s is read like any other", async (_, bytes) => {
  const { lines } = await readingsOf(Uint8Array.from(bytes));
  expect(lines.map(([, read]) => read)).toMatchObject([
    { kind: "wants", address: { key: "ada@web.de" }, firstName: "Jürgen" },
  ]);
});

test("quotes hold separators and line breaks, and a fault is named by the line it stands in", async () => {
  const { lines } = await readingsOf(
    'name,email\n"Byron, Ada\nof Linz",ada@web.de\n"Bea",not-an-address\n\n,,,\nEva "E" B,eva@web.de\n',
  );
  expect(lines.map(([line, read]) => [line, read.kind])).toEqual([
    [3, "wants"],
    [4, "unusable"],
    [6, "unusable"],
    [7, "wants"],
  ]);
});

test("a list of addresses without a header is one, too", async () => {
  const text = "ada@web.de\nbea@web.de\n";
  const [first] = await allOf(text);
  expect(recognise(first?.cells ?? [], "list.txt").columns).toEqual(["email"]);
  expect(separatorOf(text)).toBe(",");
});

const STATES: ReadonlyArray<Known["state"]> = [null, "pending", "active", "unsubscribed", "erased"];
const SUPPRESSIONS: ReadonlyArray<Known["suppression"]> = [
  null,
  "soft",
  "bounce",
  "owner",
  "complaint",
  "erased",
];
const ADDRESS = { address: "ada@web.de", key: "ada@web.de", localPart: "ada", domain: "web.de" };
const LINES: ReadonlyArray<Exclude<LineReading, { kind: "unusable" }>> = [
  { kind: "wants", address: ADDRESS, firstName: "", zone: "", tags: [] },
  { kind: "left_out", address: ADDRESS },
  ...(["unsubscribed", "complaint", "bounce", "owner", "erased"] as const).map(
    (reason) => ({ kind: "stop", address: ADDRESS, reason }) as const,
  ),
];

test("whatever a file says, an import asks nobody who left, is suppressed or erased, and brings nobody back", () => {
  for (const intent of ["stop", "ask"] as const satisfies readonly Intent[])
    for (const state of STATES)
      for (const suppression of SUPPRESSIONS)
        for (const line of LINES) {
          const { kind } = judgeLine(line, intent, { state, suppression });
          const told = [intent, state, suppression, line.kind, kind];
          if (kind === "ask")
            expect(told).toEqual([
              "ask",
              null,
              expect.toBeOneOf([null, "soft", "quarantine"]),
              "wants",
              "ask",
            ]);
          if (state === "erased" || suppression === "erased") expect(told.at(-1)).toBe("kept");
          if (intent === "stop" && state !== "erased" && suppression === null)
            expect(told.at(-1)).toBe("suppress");
        }
});
