import { getDomain } from "tldts";

/** The domains of large providers of mailboxes: what a slip of the finger is measured against. */
const LARGE = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com rocketmail.com icloud.com me.com
  mac.com aol.com proton.me protonmail.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de mail.com email.com
  fastmail.com zoho.com hushmail.com tutanota.com tuta.com posteo.de mailbox.org hey.com yandex.com yandex.ru mail.ru
  orange.fr wanadoo.fr free.fr sfr.fr laposte.net bbox.fr hotmail.fr hotmail.de hotmail.co.uk hotmail.es hotmail.it
  outlook.de outlook.fr outlook.es outlook.it live.de live.fr live.nl live.co.uk yahoo.de yahoo.fr yahoo.es yahoo.it
  yahoo.co.uk yahoo.co.jp yahoo.com.br yahoo.ca btinternet.com sky.com virginmedia.com comcast.net verizon.net att.net
  cox.net sbcglobal.net bellsouth.net shaw.ca rogers.com bigpond.com libero.it virgilio.it tiscali.it alice.it telefonica.net
  uol.com.br bol.com.br terra.com.br sapo.pt bluewin.ch a1.net aon.at chello.at ziggo.nl kpnmail.nl planet.nl telenet.be
  skynet.be wp.pl o2.pl interia.pl onet.pl seznam.cz qq.com 163.com 126.com naver.com daum.net rediffmail.com
  privaterelay.appleid.com gmx.com gmx.fr gmx.es hotmail.be hotmail.nl hotmail.dk hotmail.se hotmail.no hotmail.fi hotmail.gr
  hotmail.ca hotmail.com.br hotmail.com.au outlook.be outlook.dk outlook.at outlook.ie outlook.pt outlook.com.br outlook.sa
  live.be live.dk live.se live.it live.ca live.com.au live.com.pt yahoo.be yahoo.nl yahoo.dk yahoo.se yahoo.no yahoo.ie yahoo.at
  yahoo.gr yahoo.pl yahoo.ro yahoo.pt yahoo.in yahoo.co.in yahoo.com.ar yahoo.com.mx yahoo.com.au yahoo.co.nz arcor.de ukr.net list.ru bk.ru inbox.ru neuf.fr
  docomo.ne.jp ezweb.ne.jp softbank.ne.jp duck.com mozmail.com gmx.co.uk rambler.ru inbox.lv abv.bg mail.de vodafone.de
  netcologne.de online.de hispeed.ch citromail.hu freemail.hu centrum.cz volny.cz`.split(/\s+/),
);

/** RFC 2606 keeps them for examples. */
const DOCUMENTED = new Set(["example.com", "example.net", "example.org"]);

/** Where a typed domain one slip away from it is more likely a mistake than another provider. */
const OFTEN_MISTYPED =
  `gmail.com googlemail.com outlook.com hotmail.com yahoo.com icloud.com protonmail.com gmx.net gmx.de web.de t-online.de
  orange.fr wanadoo.fr laposte.net libero.it hotmail.fr hotmail.es hotmail.de yahoo.fr yahoo.es yahoo.de comcast.net`.split(
    /\s+/,
  );

/** Providers of throw-away addresses that are met most; flagged, not refused, because such lists err (rule 2.29). */
const DISPOSABLE = new Set(
  `10minutemail.com 10minutemail.net 20minutemail.com 33mail.com burnermail.io byom.de discard.email dispostable.com
  emailondeck.com emltmp.com fakeinbox.com fakemail.net getairmail.com getnada.com grr.la guerrillamail.biz
  guerrillamail.com guerrillamail.de guerrillamail.info guerrillamail.net guerrillamail.org guerrillamailblock.com
  harakirimail.com inboxbear.com inboxkitten.com jetable.org luxusmail.org mail-temp.com mail.tm mail7.io mailcatch.com
  maildrop.cc mailinator.com mailinator.net mailnesia.com mailnull.com mailpoof.com mailsac.com minuteinbox.com mintemail.com
  moakt.com mohmal.com mytemp.email mytrashmail.com nada.email nwytg.net pokemail.net sharklasers.com spam4.me spamgourmet.com
  spambox.us tempail.com tempinbox.com tempmail.com tempmail.net tempmail.plus tempmailo.com tempr.email temp-mail.io
  temp-mail.org throwawaymail.com trash-mail.com trashmail.com trashmail.de trashmail.net wegwerfmail.de wegwerfmail.net
  yopmail.com yopmail.fr yopmail.net`.split(/\s+/),
);

// RFC 2142 names most of them. info@ and the like may sign up: only their owner can confirm (rule 2.30).
const TECHNICAL =
  /^(abuse|postmaster|hostmaster|webmaster|mailer-daemon|no-?reply|do-?not-?reply|bounces?|security|noc|root|daemon|nobody|devnull|spam|list(serv)?|majordomo|usenet|uucp|www|ftp|dns|ssl-?admin)$/;

/**
 * The domain by which mail is counted: the registered one, with all its sub-domains, because a catch-all takes mail for any
 * of them (Public Suffix List, its private part too: a host of the people of dyndns.org is its own). Null for a large provider's own
 * domain, and for example.com and the like, which a trial uses as if they were one: those have no budget.
 */
export function countedDomain(domain: string): string | null {
  if (LARGE.has(domain) || DOCUMENTED.has(domain)) return null;
  const registered = getDomain(domain, { allowPrivateDomains: true }) ?? domain;
  // Each user of some large providers has a sub-domain there.
  return LARGE.has(registered) ? domain : registered;
}

/** Whether a domain, or one above it, gives out throw-away addresses. */
export function isDisposable(domain: string): boolean {
  if (LARGE.has(domain)) return false;
  const labels = domain.split(".");
  return labels.some((_, n) => DISPOSABLE.has(labels.slice(n).join(".")));
}

/** Whether nobody reads that mailbox in person: abuse, postmaster, noreply and such. */
export function isTechnicalMailbox(localPart: string): boolean {
  return TECHNICAL.test(localPart.toLowerCase().replace(/\+.*/, ""));
}

/** The domain that was probably meant, one slip away from what was typed; null where there is none. */
export function suggestDomain(domain: string): string | null {
  if (LARGE.has(domain)) return null;
  return OFTEN_MISTYPED.find((meant) => isOneSlip(domain, meant)) ?? null;
}

/** Whether one letter is missing, too many, wrong, or two neighbours are swapped. */
function isOneSlip(typed: string, meant: string): boolean {
  let start = 0;
  while (start < typed.length && typed[start] === meant[start]) start += 1;
  let end = 0;
  while (
    end < typed.length - start &&
    end < meant.length - start &&
    typed.at(-1 - end) === meant.at(-1 - end)
  )
    end += 1;
  const [was, is] = [typed.slice(start, typed.length - end), meant.slice(start, meant.length - end)];
  if (was.length <= 1 && is.length <= 1) return true;
  return was.length === 2 && is.length === 2 && was[0] === is[1] && was[1] === is[0];
}
