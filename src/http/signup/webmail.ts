/** Where people read their mail in a browser, by the domains of their addresses. */
const WEBMAIL: ReadonlyArray<{ readonly name: string; readonly url: string; readonly domains: RegExp }> = [
  { name: "Gmail", url: "https://mail.google.com/mail/", domains: /^(?:gmail|googlemail)\.com$/ },
  {
    name: "Outlook",
    url: "https://outlook.live.com/mail/",
    domains: /^(?:outlook|hotmail|live|msn)\.[a-z.]+$/,
  },
  { name: "Yahoo Mail", url: "https://mail.yahoo.com/", domains: /^(?:yahoo|ymail|rocketmail)\.[a-z.]+$/ },
  { name: "iCloud Mail", url: "https://www.icloud.com/mail/", domains: /^(?:icloud|me|mac)\.com$/ },
  { name: "GMX", url: "https://www.gmx.net/", domains: /^gmx\.[a-z]+$/ },
  { name: "WEB.DE", url: "https://web.de/", domains: /^web\.de$/ },
  { name: "T-Online", url: "https://email.t-online.de/", domains: /^(?:t-online|magenta)\.de$/ },
  {
    name: "Proton Mail",
    url: "https://mail.proton.me/",
    domains: /^(?:proton|pm)\.me$|^protonmail\.(?:com|ch)$/,
  },
  { name: "AOL Mail", url: "https://mail.aol.com/", domains: /^aol\.[a-z.]+$/ },
  { name: "Orange", url: "https://messagerie.orange.fr/", domains: /^(?:orange|wanadoo)\.fr$/ },
  { name: "Laposte.net", url: "https://www.laposte.net/", domains: /^laposte\.net$/ },
  { name: "SAPO Mail", url: "https://mail.sapo.pt/", domains: /^sapo\.pt$/ },
];

/** The webmail of an address; null where it isn't known. Says nothing about whether the address exists. */
export function webmailOf(address: string): { readonly name: string; readonly url: string } | null {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return WEBMAIL.find(({ domains }) => domains.test(domain)) ?? null;
}
