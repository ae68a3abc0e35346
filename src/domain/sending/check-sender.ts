import { getDomain } from "tldts";
import { lookUpTexts } from "../../platform/providers/look-up.ts";
import type { SeenWebhook, SendingDomain } from "../../platform/providers/mail-provider.ts";
import type { Services } from "../services.ts";

/** What's looked at before mail is trusted to arrive. */
type SenderCheck = "domain" | "tracking" | "spf" | "dkim" | "dmarc" | "webhook" | "reports";
type CheckState = "right" | "wrong" | "could_not_ask";
export type Checked = { readonly what: SenderCheck; readonly state: CheckState };

/** What was found of a sender; null for what couldn't be asked. */
export type Found = {
  readonly domain: SendingDomain | null;
  /** The texts of the domain and of the one below it that bounces return to. */
  readonly spf: readonly string[] | null;
  readonly dkim: readonly string[] | null;
  /** The texts for the domain, and those for the registrable one above it (RFC 7489 6.6.3). */
  readonly dmarc: readonly string[] | null;
  readonly hasWebhookSecret: boolean;
  readonly webhook: SeenWebhook | null;
};

/** Where Resend has mail return to, and its key's name (resend.com/docs/dashboard/domains/introduction). */
const RETURNS = "send";
const KEY = "resend._domainkey";

/** Each check as right, wrong, or not to be asked now. */
export function judgeSender({ domain, spf, dkim, dmarc, hasWebhookSecret, webhook }: Found): Checked[] {
  const texts = (found: readonly string[] | null, is: (text: string) => boolean): CheckState =>
    found === null ? "could_not_ask" : found.some(is) ? "right" : "wrong";
  const known = domain?.kind === "known" ? domain : null;
  const ifKnown = (is: boolean): CheckState => (domain === null ? "could_not_ask" : is ? "right" : "wrong");
  return [
    { what: "domain", state: ifKnown(known?.verified === true) },
    {
      what: "tracking",
      // Of a domain that isn't known nothing is tracked.
      state: ifKnown(known === null || !(known.openTracking || known.clickTracking)),
    },
    { what: "spf", state: texts(spf, (text) => /^v=spf1\b.*\binclude:\S*(amazonses|resend)\./i.test(text)) },
    { what: "dkim", state: texts(dkim, (text) => /\bp=[A-Za-z0-9+/]{20,}/.test(text)) },
    {
      what: "dmarc",
      state: texts(dmarc, (text) => /^v=DMARC1\s*;.*\bp=(none|quarantine|reject)\b/i.test(text)),
    },
    { what: "webhook", state: hasWebhookSecret ? "right" : "wrong" },
    {
      what: "reports",
      state: webhook === null ? "could_not_ask" : webhook.kind === "whole" ? "right" : "wrong",
    },
  ];
}

/** Where the provider reports to. */
export function webhookUrl({ publicUrl }: Pick<Services["config"], "publicUrl">): string {
  return `${publicUrl}/webhooks/resend`;
}

/** Looks at everything that lets mail of the sender arrive. Asks the provider and the name servers; changes nothing. */
export async function checkSender({ provider, config }: Pick<Services, "provider" | "config">): Promise<{
  readonly domain: string;
  readonly checks: readonly Checked[];
}> {
  const domain = config.mail.from.slice(config.mail.from.lastIndexOf("@") + 1).replace(/>.*$/, "");
  const look = (name: string) => lookUpTexts(config.dnsUrl, name);
  const above = getDomain(domain) ?? domain;
  const [known, webhook, own, returns, dkim, dmarc, dmarcAbove] = await Promise.all([
    provider.readDomain(domain),
    provider.readWebhook(webhookUrl(config)),
    look(domain),
    look(`${RETURNS}.${domain}`),
    look(`${KEY}.${domain}`),
    look(`_dmarc.${domain}`),
    look(`_dmarc.${above}`),
  ]);
  const spf = own === null && returns === null ? null : [...(own ?? []), ...(returns ?? [])];
  const hasWebhookSecret = config.provider.kind === "resend" && config.provider.webhookSecret !== undefined;
  const found = {
    domain: known,
    spf,
    dkim,
    dmarc: dmarc === null || dmarc.length > 0 ? dmarc : dmarcAbove,
    hasWebhookSecret,
    webhook,
  };
  return { domain, checks: judgeSender(found) };
}
