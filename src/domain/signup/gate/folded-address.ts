import type { Address } from "../../people/address.ts";

/** How a host of mailboxes names one of them in several ways. */
type Host = {
  readonly domains: readonly string[];
  /** What all of its domains stand for, where one account has an address at each. */
  readonly account?: string;
  /** Characters of the local part that it ignores, besides dots. */
  readonly ignores?: RegExp;
  /** What begins a tag of one's own, besides a plus sign. */
  readonly tag?: string;
  /** Whether `anything@user.host` is `user@host`. */
  readonly userInSubdomain?: true;
};

const words = (text: string) => text.split(/\s+/);

// What each host says of its own addresses: support.google.com/mail/answer/7436150, proton.me/support/addresses-and-aliases,
// support.apple.com/guide/icloud (iCloud Mail addresses), yandex.com/support/mail (aliases), fastmail.help (plus and sub-domain
// addressing), help.yahoo.com (disposable addresses), addy.io/help, 33mail.com, simplelogin.io/docs.
const HOSTS: readonly Host[] = [
  { domains: ["gmail.com", "googlemail.com"], account: "gmail.com" },
  {
    domains: ["proton.me", "protonmail.com", "protonmail.ch", "pm.me"],
    account: "proton.me",
    ignores: /[-_]/g,
  },
  { domains: ["icloud.com", "me.com", "mac.com"], account: "icloud.com" },
  {
    domains: words(
      `yandex.ru ya.ru yandex.com yandex.by yandex.kz yandex.ua yandex.uz yandex.com.tr yandex.com.ge yandex.com.am
      yandex.co.il yandex.az yandex.ee yandex.fr yandex.kg yandex.lt yandex.lv yandex.md yandex.tj yandex.tm`,
    ),
    account: "yandex.ru",
    ignores: /-/g,
  },
  {
    domains: words(
      `yahoo.com ymail.com rocketmail.com myyahoo.com yahoo.de yahoo.fr yahoo.es yahoo.it yahoo.co.uk yahoo.co.jp yahoo.com.br
      yahoo.ca yahoo.be yahoo.nl yahoo.dk yahoo.se yahoo.no yahoo.ie yahoo.at yahoo.gr yahoo.pl yahoo.ro yahoo.pt yahoo.in
      yahoo.co.in yahoo.com.ar yahoo.com.mx yahoo.com.au yahoo.co.nz`,
    ),
    tag: "-",
  },
  {
    domains: words(
      `fastmail.com fastmail.fm fastmail.net fastmail.org fastmail.cn fastmail.co.uk fastmail.com.au fastmail.de fastmail.es
      fastmail.in fastmail.jp fastmail.mx fastmail.nl fastmail.se fastmail.to fastmail.tw fastmail.uk fastmail.us fastmail.im
      messagingengine.com sent.com mailbolt.com warpmail.net 123mail.org fmail.co.uk the-fastest.net`,
    ),
    userInSubdomain: true,
  },
  {
    domains: words(
      `anonaddy.com anonaddy.me addymail.com 33mail.com simplelogin.com simplelogin.co aleeas.com slmails.com slmail.me
      silomails.com dralias.com 8alias.com mozmail.com`,
    ),
    userInSubdomain: true,
  },
];

const HOST_OF = new Map(HOSTS.flatMap((host) => host.domains.map((domain) => [domain, host] as const)));

/**
 * An address as it is counted (never as a person is known): lower case, without plus-tag and dots in the local part, and folded as its host
 * folds it, so that the names of one mailbox share one budget.
 */
export function foldedAddress({ localPart, domain }: Pick<Address, "localPart" | "domain">): string {
  const [user = "", ...above] = domain.split(".");
  const parent = HOST_OF.get(above.join("."));
  if (parent?.userInSubdomain === true) return `${folded(user, parent)}@${above.join(".")}`;
  const host = HOST_OF.get(domain);
  return `${folded(localPart, host)}@${host?.account ?? domain}`;
}

function folded(localPart: string, { ignores, tag }: Pick<Host, "ignores" | "tag"> = {}): string {
  const [untagged = ""] = localPart.split("+");
  const own = tag === undefined ? untagged : (untagged.split(tag)[0] ?? "");
  const bare = own.replaceAll(".", "").replaceAll(ignores ?? /(?!)/g, "");
  return bare === "" ? localPart : bare;
}
