import { expect, test } from "vitest";
import { type Found, judgeSender } from "../../src/domain/sending/check-sender.ts";

const WELL: Found = {
  domain: { kind: "known", verified: true, openTracking: false, clickTracking: false },
  spf: ["v=spf1 include:amazonses.com ~all"],
  dkim: [`p=${"A".repeat(200)}`],
  dmarc: ["v=DMARC1; p=none;"],
  hasWebhookSecret: true,
  webhook: { kind: "whole", id: "w1" },
};
const statesOf = (found: Partial<Found>) =>
  Object.fromEntries(judgeSender({ ...WELL, ...found }).map(({ what, state }) => [what, state]));

test("a sender with everything in place is right in all points", () => {
  expect(new Set(Object.values(statesOf({})))).toEqual(new Set(["right"]));
});

test.each<[string, Partial<Found>, Record<string, string>]>([
  [
    "a domain that Resend doesn't know",
    { domain: { kind: "unknown" } },
    { domain: "wrong", tracking: "right" },
  ],
  [
    "counting of clicks",
    { domain: { kind: "known", verified: true, openTracking: false, clickTracking: true } },
    { tracking: "wrong" },
  ],
  [
    "a key that may only send",
    { domain: null },
    { domain: "could_not_ask", tracking: "could_not_ask", spf: "right" },
  ],
  ["another sender's SPF", { spf: ["v=spf1 include:_spf.google.com ~all"] }, { spf: "wrong" }],
  [
    "no name server that answers",
    { spf: null, dkim: null, dmarc: null },
    { spf: "could_not_ask", dkim: "could_not_ask", dmarc: "could_not_ask" },
  ],
  ["a key without a key", { dkim: ["v=DKIM1; p="] }, { dkim: "wrong" }],
  ["no DMARC", { dmarc: ["google-site-verification=x"] }, { dmarc: "wrong" }],
  ["a webhook that doesn't tell all", { webhook: { kind: "faulty", id: "w1" } }, { reports: "wrong" }],
  ["no webhook", { webhook: { kind: "none" } }, { reports: "wrong", webhook: "right" }],
  ["webhooks that can't be asked after", { webhook: null }, { reports: "could_not_ask" }],
  ["no webhook secret", { hasWebhookSecret: false }, { webhook: "wrong" }],
])("%s is told from what can't be asked", (_, found, states) => {
  expect(statesOf(found)).toMatchObject(states);
});
