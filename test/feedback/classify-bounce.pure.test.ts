import fc from "fast-check";
import { expect, test } from "vitest";
import { classifyBounce } from "../../src/domain/feedback/classify-bounce.ts";

const P = "Permanent";
const T = "Transient";

/** What receivers say, as the provider hands it on: who, class, cause, the provider's type, and the reply. */
const TABLE: ReadonlyArray<readonly [who: string, is: string, cause: string, type: string, said: string]> = [
  // Gmail
  [
    "Gmail",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550 5.1.1 unnecessary spaces. a1-2002 - gsmtp",
  ],
  [
    "Gmail",
    "hard",
    "disabled",
    P,
    "smtp; 550 5.2.1 The email account that you tried to reach is inactive. For more information, go to https://support.google.com/mail/?p=DisabledUser - gsmtp",
  ],
  [
    "Gmail",
    "hard",
    "disabled",
    P,
    "smtp; 550-5.2.1 The email account that you tried to reach is disabled. - gsmtp",
  ],
  [
    "Gmail",
    "soft",
    "mailbox_full",
    P,
    "smtp; 552-5.2.2 The email account that you tried to reach is over quota. Please direct the recipient to https://support.google.com/mail/?p=OverQuotaPerm - gsmtp",
  ],
  [
    "Gmail",
    "soft",
    "mailbox_full",
    T,
    "smtp; 452-4.2.2 The recipient's inbox is out of storage space. Please direct the recipient to their storage - gsmtp",
  ],
  [
    "Gmail",
    "soft",
    "temporary",
    T,
    "smtp; 450-4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered. - gsmtp",
  ],
  [
    "Gmail",
    "soft",
    "busy",
    P,
    "smtp; 550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered. - gsmtp",
  ],
  [
    "Gmail",
    "about_us",
    "unauthenticated",
    P,
    "smtp; 550-5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM. - gsmtp",
  ],
  [
    "Gmail",
    "about_us",
    "blocked",
    P,
    "smtp; 550-5.7.1 [192.0.2.1 12] Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked. - gsmtp",
  ],
  [
    "Gmail",
    "soft",
    "temporary",
    T,
    "smtp; 421-4.7.28 [192.0.2.1 15] Our system has detected an unusual rate of unsolicited mail originating from your IP address. - gsmtp",
  ],
  [
    "Gmail",
    "about_us",
    "unauthenticated",
    P,
    "smtp; 550-5.7.25 [192.0.2.1] The IP address sending this message does not have a PTR record setup - gsmtp",
  ],
  [
    "Gmail",
    "hard",
    "no_domain",
    P,
    "smtp; 553-5.1.2 We weren't able to find the recipient domain. Please check for any spelling errors, and make sure you didn't enter any spaces. - gsmtp",
  ],
  [
    "Gmail",
    "about_us",
    "content",
    P,
    "smtp; 552-5.7.0 This message was blocked because its content presents a potential security issue. Review attachment guidelines - gsmtp",
  ],
  // Microsoft: Outlook.com and Exchange Online
  [
    "Microsoft",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [AM0EUR02FT039.eop-EUR02.prod.protection.outlook.com 2026-11-26T09:00:00.000Z]",
  ],
  [
    "Microsoft",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 5.4.1 Recipient address rejected: Access denied. For more information see https://aka.ms/EXOSmtpErrors [DB5EUR03FT041.eop-EUR03.prod.protection.outlook.com]",
  ],
  [
    "Microsoft",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 5.4.1 [ada@contoso.example]: Recipient address rejected: Access denied. AS(201806281) [VI1EUR04FT049.eop-eur04.prod.protection.outlook.com]",
  ],
  [
    "Microsoft",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ada@contoso.example not found by SMTP address lookup",
  ],
  ["Microsoft", "hard", "unsaid", P, "smtp; 550 5.0.0 Remote server returned an error"],
  ["Microsoft", "hard", "unsaid", P, "smtp; 550 5.0.350 Remote server returned message detected as -> 550 x"],
  ["Microsoft", "soft", "unsaid", T, "smtp; 550 5.0.350 Remote server returned an error"],
  [
    "Microsoft",
    "soft",
    "mailbox_full",
    P,
    "smtp; 554 5.2.2 mailbox full; STOREDRV.Deliver; delivery result banned",
  ],
  [
    "Microsoft",
    "soft",
    "mailbox_full",
    P,
    "smtp; 552 5.2.2 Message can't be submitted because the sender's or recipient's mailbox exceeds storage quota",
  ],
  [
    "Microsoft",
    "about_us",
    "blocked",
    P,
    "smtp; 550 5.7.606 Access denied, banned sending IP [192.0.2.1]. To request removal from this list please visit https://sender.office.com/",
  ],
  [
    "Microsoft",
    "about_us",
    "blocked",
    P,
    "smtp; 550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus. To request removal from this list see https://www.spamhaus.org/query/ip/192.0.2.1 AS(1410)",
  ],
  [
    "Microsoft",
    "about_us",
    "blocked",
    P,
    "smtp; 550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).",
  ],
  [
    "Microsoft",
    "about_us",
    "unauthenticated",
    P,
    "smtp; 550 5.7.509 Access denied, sending domain x.example does not pass DMARC verification and has a DMARC policy of reject.",
  ],
  ["Microsoft", "about_us", "too_many", P, "smtp; 550 5.5.3 Too many recipients"],
  [
    "Microsoft",
    "soft",
    "temporary",
    T,
    "smtp; 451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)",
  ],
  [
    "Microsoft",
    "about_us",
    "sender_refused",
    P,
    "smtp; 550 5.1.8 Access denied, bad outbound sender AS(42004)",
  ],
  ["Exchange", "hard", "no_mailbox", P, "smtp; 550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found"],
  ["Exchange", "soft", "server", P, "smtp; 554 5.4.14 Hop count exceeded - possible mail loop ATTR34"],
  [
    "Exchange",
    "about_us",
    "policy",
    P,
    "smtp; 550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; sender not permitted for group",
  ],
  // Yahoo and AOL
  [
    "Yahoo",
    "hard",
    "no_mailbox",
    P,
    "smtp; 554 delivery error: dd This user doesn't have a yahoo.com account (ada@yahoo.com) [0] - mta4123.mail.bf1.yahoo.com",
  ],
  [
    "Yahoo",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 delivery error: dd Requested mail action not taken: mailbox unavailable - mta",
  ],
  [
    "Yahoo",
    "hard",
    "disabled",
    P,
    "smtp; 554 30 Sorry, your message to ada@yahoo.com cannot be delivered. This mailbox is disabled (554.30).",
  ],
  [
    "Yahoo",
    "soft",
    "temporary",
    T,
    "smtp; 421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1",
  ],
  [
    "Yahoo",
    "about_us",
    "blocked",
    P,
    "smtp; 553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list",
  ],
  [
    "Yahoo",
    "about_us",
    "policy",
    P,
    "smtp; 554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes",
  ],
  [
    "AOL",
    "soft",
    "mailbox_full",
    P,
    "smtp; 552 5.2.2 Requested mail action aborted: exceeded storage allocation, mailbox full",
  ],
  // iCloud
  ["iCloud", "hard", "no_mailbox", P, "smtp; 550 5.1.1 <ada@icloud.com>: user does not exist"],
  ["iCloud", "soft", "mailbox_full", P, "smtp; 552 5.2.2 <ada@icloud.com>: user is over quota"],
  [
    "iCloud",
    "about_us",
    "policy",
    P,
    "smtp; 554 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137",
  ],
  [
    "iCloud",
    "about_us",
    "blocked",
    P,
    "smtp; 550 5.7.0 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1",
  ],
  // GMX, WEB.DE, T-Online
  [
    "GMX",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 Requested action not taken: mailbox unavailable For explanation visit https://postmaster.gmx.net/en/case?c=r0103",
  ],
  [
    "GMX",
    "about_us",
    "policy",
    P,
    "smtp; 554 Transaction failed Reject due to policy restrictions. For explanation visit https://postmaster.gmx.net/en/case?c=hg",
  ],
  [
    "GMX",
    "soft",
    "mailbox_full",
    P,
    "smtp; 552 Requested mail action aborted: exceeded storage allocation Mailbox full, quota exceeded",
  ],
  [
    "GMX",
    "about_us",
    "blocked",
    P,
    "smtp; 554 gmx.net (mxgmx115) Nemesis ESMTP Service not available No SMTP service Bad DNS PTR resource record. IP address is black listed",
  ],
  [
    "WEB.DE",
    "soft",
    "temporary",
    T,
    "smtp; 450 Requested mail action not taken: mailbox unavailable Mail send limit exceeded",
  ],
  ["T-Online", "hard", "no_mailbox", P, "smtp; 550 5.1.1 unknown user / Teilnehmer existiert nicht"],
  [
    "T-Online",
    "about_us",
    "blocked",
    P,
    "smtp; 554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help or to contact tosa@rx.t-online.de to clarify.) (BL)",
  ],
  // Orange, Free, La Poste
  [
    "Orange",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]",
  ],
  [
    "Orange",
    "about_us",
    "policy",
    P,
    "smtp; 550 5.7.1 Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR_506 [506]",
  ],
  [
    "Orange",
    "about_us",
    "blocked",
    P,
    "smtp; 550 5.2.0 Mail rejete. Mail rejected. IP reputation. ofr_506 [506]",
  ],
  [
    "Orange",
    "soft",
    "mailbox_full",
    P,
    "smtp; 552 5.1.1 Boite du destinataire pleine. Recipient mailbox full. OFR_417 [417]",
  ],
  ["Free", "hard", "no_mailbox", P, "smtp; 550 5.5.0 <ada@free.fr>: Utilisateur inconnu"],
  [
    "La Poste",
    "about_us",
    "blocked",
    P,
    "smtp; 550 5.5.0 Service refuse. Service refused, your IP has a bad reputation. LPN007_401",
  ],
  // Proton, Fastmail, Zoho, Yandex, Mail.ru
  [
    "Proton",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 5.1.1 <ada@proton.me>: Recipient address rejected: Address does not exist",
  ],
  [
    "Proton",
    "about_us",
    "blocked",
    P,
    "smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
  ],
  [
    "Fastmail",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 5.1.1 <ada@fastmail.com>: Recipient address rejected: User unknown in virtual mailbox table",
  ],
  ["Zoho", "hard", "no_mailbox", P, "smtp; 550 5.1.1 User does not exist - <ada@zoho.com>"],
  ["Yandex", "hard", "no_mailbox", P, "smtp; 550 5.7.1 No such user! 1732600000-abcdef"],
  [
    "Yandex",
    "about_us",
    "blocked",
    P,
    "smtp; 554 5.7.1 [2] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc 1732600000-abcdef",
  ],
  [
    "Mail.ru",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 Message was not accepted -- invalid mailbox. Local mailbox ada@mail.ru is unavailable: user not found",
  ],
  // Postfix
  [
    "Postfix",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 5.1.1 <ada@x.example>: Recipient address rejected: User unknown in local recipient table",
  ],
  ["Postfix", "about_us", "relaying", P, "smtp; 554 5.7.1 <ada@x.example>: Relay access denied"],
  [
    "Postfix",
    "about_us",
    "sender_refused",
    P,
    "smtp; 550 5.1.0 <bounce@send.x.example>: Sender address rejected: User unknown in relay recipient table",
  ],
  [
    "Postfix",
    "about_us",
    "sender_refused",
    P,
    "smtp; 450 5.1.8 <b@send.x.example>: Sender address rejected: Domain not found".replace("450", "550"),
  ],
  [
    "Postfix",
    "soft",
    "temporary",
    T,
    "smtp; 450 4.2.0 <ada@x.example>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help",
  ],
  [
    "Postfix",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 5.7.1 <ada@x.example>: Recipient address rejected: user ada@x.example does not exist",
  ],
  ["Postfix", "about_us", "content", P, "smtp; 552 5.3.4 Message size exceeds fixed limit"],
  [
    "Postfix",
    "soft",
    "mailbox_full",
    P,
    "smtp; 452 4.3.1 Insufficient system storage".replace("452 4", "552 5"),
  ],
  // Exim
  ["Exim", "hard", "no_mailbox", P, "smtp; 550 Unrouteable address (Exim 4.96.2)"],
  ["Exim", "hard", "no_mailbox", P, "smtp; 550 Unknown user"],
  ["Exim", "hard", "no_mailbox", P, 'smtp; 550 No Such User Here"'],
  ["Exim", "about_us", "sender_refused", P, "smtp; 550 Sender verify failed"],
  [
    "Exim",
    "about_us",
    "blocked",
    P,
    "smtp; 550 JunkMail rejected - mail.x.example [192.0.2.1]:41234 is in an RBL: Blocked",
  ],
  ["Exim", "soft", "mailbox_full", P, "smtp; 552 mailbox is full: retry timeout exceeded"],
  // qmail and others
  ["qmail", "hard", "no_mailbox", P, "smtp; 511 sorry, no mailbox here by that name (#5.1.1 - chkuser)"],
  [
    "qmail",
    "about_us",
    "relaying",
    P,
    "smtp; 553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
  ],
  ["qmail", "soft", "mailbox_full", P, "smtp; 552 user is over quota (#5.2.2)"],
  ["qmail", "hard", "no_mailbox", P, "smtp; 550 unknown recipient (#5.1.1)"],
  ["IronPort", "hard", "no_mailbox", P, "smtp; 550 #5.1.0 Address rejected."],
  [
    "IronPort",
    "about_us",
    "blocked",
    P,
    "smtp; 554 Your access to this mail system has been rejected due to the sending MTA's poor reputation. If you believe that this failure is in error, contact the intended recipient",
  ],
  [
    "Mimecast",
    "about_us",
    "policy",
    P,
    "smtp; 554 Email rejected due to security policies - https://community.mimecast.com/docs/DOC-1369#554",
  ],
  [
    "Mimecast",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550",
  ],
  [
    "Proofpoint",
    "about_us",
    "blocked",
    P,
    "smtp; 554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1",
  ],
  [
    "Barracuda",
    "about_us",
    "blocked",
    P,
    "smtp; 554 Service unavailable; Client host [mail.x.example] blocked by b.barracudacentral.org",
  ],
  ["Comcast", "hard", "no_mailbox", P, "smtp; 550 5.1.1 Not our Customer"],
  [
    "Libero",
    "about_us",
    "sender_refused",
    P,
    "smtp; 550 smtp-17.iol.local smtp-17.iol.local IP blacklisted by CSI. sender rejected. AUP#1310".replace(
      "IP blacklisted by CSI. ",
      "",
    ),
  ],
  ["a domain without mail", "hard", "no_domain", P, "smtp; 556 5.1.10 Domain does not accept mail (null MX)"],
  ["a domain that's gone", "hard", "no_domain", P, "smtp; 550 5.4.4 Host unknown"],
  ["a domain that's gone", "hard", "no_domain", P, "dns; Domain not found: garden.example"],
  [
    "a host that's down",
    "soft",
    "server",
    P,
    "smtp; 550 5.4.1 host mx.garden.example[192.0.2.9]: Connection refused",
  ],
  [
    "sendmail",
    "about_us",
    "sender_refused",
    P,
    "smtp; 553 5.1.8 <letters@ours.example>... Domain of sender address letters@ours.example does not exist",
  ],
  [
    "policyd-spf",
    "about_us",
    "unauthenticated",
    P,
    "smtp; 550 5.7.1 <ada@x.example>: Recipient address rejected: Please see http://www.openspf.net/Why?s=mfrom;id=bounce%40send.x.example;ip=192.0.2.1",
  ],
  [
    "a policy server",
    "about_us",
    "policy",
    P,
    "smtp; 554 5.7.1 <ada@x.example>: Recipient address rejected: Policy Rejection",
  ],
  [
    "a policy server",
    "about_us",
    "policy",
    P,
    "smtp; 550 5.7.1 <ada@x.example>: Recipient address rejected: Access denied",
  ],
  ["Exchange", "about_us", "policy", P, "smtp; 550 5.7.1 You are not allowed to send mail to this user"],
  [
    "sendmail",
    "about_us",
    "sender_refused",
    P,
    "smtp; 550 5.1.7 The sender's address was syntactically invalid",
  ],
  [
    "a host with a telling name",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 5.1.1 mx1.antivirus.example: user unknown",
  ],
  [
    "a host with a telling name",
    "hard",
    "no_mailbox",
    P,
    "smtp; 550 5.1.1 <ada@spam.example> (spam-filter.example): User unknown",
  ],
  ["the provider", "soft", "temporary", T, "smtp; 421 connect to relay[92.5.1.10]: Connection timed out"],
  ["the provider", "soft", "unsaid", T, ""],
  ["the provider", "soft", "unsaid", "Undetermined", ""],
  ["the provider", "hard", "unsaid", P, ""],
];

test(`the table of what receivers say is long enough to mean something`, () => {
  expect(TABLE.length).toBeGreaterThanOrEqual(80);
  expect(new Set(TABLE.map(([who]) => who)).size).toBeGreaterThanOrEqual(15);
});

test.each(TABLE)("%s: %s (%s), by a %s: %s", (_who, is, cause, type, said) => {
  const bounce = { type, subType: "General", message: "", diagnosticCode: said === "" ? [] : [said] };
  expect(classifyBounce(bounce)).toMatchObject({ class: is, cause });
});

test.each([
  ["Permanent", "NoEmail", "hard"],
  ["Permanent", "MailboxFull", "soft"],
  ["Transient", "ContentRejected", "about_us"],
  ["Permanent", "MessageTooLarge", "about_us"],
  ["Permanent", "AttachmentRejected", "about_us"],
  ["Transient", "NoEmail", "soft"],
])("without a reply, the provider's %s %s is %s", (type, subType, is) => {
  expect(classifyBounce({ type, subType, message: "", diagnosticCode: [] }).class).toBe(is);
});

test.each([
  // Numbers of hosts and versions are no codes.
  ["Transient", "General", "smtp; 421 connect to relay[92.5.1.10]: Connection timed out", "soft", "421"],
  ["Permanent", "NoEmail", "smtp; 550 No such user here (mx.host [185.5.2.9])", "hard", "550"],
  [
    "Permanent",
    "General",
    "smtp; 550 Service unavailable; client host [95.4.7.1] blocked using a block list",
    "about_us",
    "550",
  ],
  ["Permanent", "NoEmail", "smtp; 550 Unrouteable address (Exim 4.96.2)", "hard", "550"],
  // What's said of us outweighs the code beside it.
  [
    "Permanent",
    "General",
    "smtp; 550 Message rejected due to local policy; sender IP on block list",
    "about_us",
    "550",
  ],
  [
    "Permanent",
    "General",
    "smtp; 550 5.1.1 <w@x.example> - 192.0.2.1 has sent to too many recipients this hour",
    "about_us",
    "5.1.1",
  ],
  [
    "Permanent",
    "General",
    "smtp; 550 5.1.0 <bounce@send.x.example> sender rejected. AUP#In-1310",
    "about_us",
    "5.1.0",
  ],
])("%s/%s with %j is %s", (type, subType, said, is, code) => {
  expect(classifyBounce({ type, subType, message: "", diagnosticCode: [said] })).toMatchObject({
    class: is,
    code,
  });
});

test.each([
  [
    "General",
    "The recipient's email provider sent a hard bounce message, but didn't specify the reason for the hard bounce. We recommend removing the recipient's email address from your mailing list. Sending messages to addresses that produce hard bounces can have a negative impact on your reputation as a sender.",
  ],
  [
    "NoEmail",
    "The recipient's email address doesn't exist. Sending messages to addresses that produce hard bounces can have a negative impact on your reputation as a sender.",
  ],
])(
  "the provider's own prose about a Permanent %s isn't taken for the receiver's words",
  (subType, message) => {
    for (const diagnosticCode of [[], ["smtp; 550 5.1.1 user unknown"]])
      expect(classifyBounce({ type: P, subType, message, diagnosticCode }).class).toBe("hard");
  },
);

test("nothing is harder than the provider's Transient, whatever the words", () => {
  for (const [, , , , said] of TABLE) {
    const bounce = { type: T, subType: "General", message: "", diagnosticCode: [said] };
    expect(classifyBounce(bounce).class).not.toBe("hard");
  }
});

test("whatever a receiver says, it's classified, fast, and the code has no address in it", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), fc.constantFrom(P, T, "Undetermined"), (said, type) => {
      const found = classifyBounce({ type, subType: "General", message: said, diagnosticCode: [said] });
      expect(found.code).toMatch(/^([45]\.\d{1,3}\.\d{1,3}|[45]\d\d|\w+\/General)$/);
    }),
  );
  const long = `550 user ${"mailbox ".repeat(20_000)}unknown`;
  const { class: is } = classifyBounce({ type: P, subType: "General", message: "", diagnosticCode: [long] });
  expect(is).toBe("hard");
});
