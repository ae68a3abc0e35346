/** What Resend tells of a bounce (its API description, WebhookEventBounce). */
export type Bounce = {
  readonly type: string;
  readonly subType: string;
  readonly message: string;
  readonly diagnosticCode: readonly string[];
};

/**
 * What a bounce is about:
 * - hard: the address does not exist; never mail it again.
 * - soft: the mailbox is full or the server had a bad day; three weeks of it suspend the address.
 * - about_us: the receiver refuses our mail, not this address (policy, reputation, content); never suppress, tell the owner.
 */
export type BounceClass = "hard" | "soft" | "about_us";

/** What a receiver's words say, each with what it is about. */
const CAUSES = {
  blocked: "about_us",
  too_many: "about_us",
  unauthenticated: "about_us",
  sender_refused: "about_us",
  relaying: "about_us",
  content: "about_us",
  policy: "about_us",
  protocol: "about_us",
  mailbox_full: "soft",
  busy: "soft",
  temporary: "soft",
  server: "soft",
  no_mailbox: "hard",
  disabled: "hard",
  no_domain: "hard",
  unsaid: "soft",
} as const satisfies Readonly<Record<string, BounceClass>>;

type Cause = keyof typeof CAUSES;

/** A bounce's class, what the receiver gave as the cause, and its code (or the provider's words) for the ledger. */
export type Classified = { readonly class: BounceClass; readonly cause: Cause; readonly code: string };

// Words of receivers, each group with its cause, the first that's found counts: what speaks of us comes before what speaks of the address,
// because a list or a limit is often told with 5.1.1 beside it. Collected from the published codes and bounce texts of Gmail, Outlook and
// Exchange, Yahoo, iCloud, GMX, Orange, Proton, Postfix, Exim and qmail; test/feedback/classify-bounce holds what they look like.
const WORDS: ReadonlyArray<readonly [Cause, RegExp]> = [
  [
    "server",
    /connection (?:refused|reset|timed? ?out)|no route to host|network (?:is )?unreachable|(?:read|connect|response) time(?:d )?-?out/,
  ],
  [
    "blocked",
    /\bblock ?-?list|\bblack ?-?list|\bdns ?bl\b|\brbl\b|spamhaus|spamcop|barracuda ?central|sorbs|proofpoint dynamic reputation|cloudmark/,
  ],
  [
    "blocked",
    /(?:client host|client|host|ip|ip address|sending ip|connection|server)\b.{0,60}\b(?:is |was |has been |been )?(?:blocked|banned|listed|refused)|banned send(?:er|ing)|\[?(?:bad|poor|low) reputation|reputation/,
  ],
  [
    "blocked",
    /\bblocked (?:using|by|due|for)|temporarily blocked|\bspam\b(?! filter quota)|\bunsolicited\b|\bjunk ?mail\b|user complaints/,
  ],
  [
    "too_many",
    /too many (?:recipients|messages|connections|emails|errors|invalid)|rate ?-?limit|exceeded (?:the )?(?:rate|maximum number|sending|message) /,
  ],
  [
    "unauthenticated",
    /\bdmarc\b|\bspf\b|\bdkim\b|unauthenticated|authenticat(?:ion|ed) (?:is )?required|not authenticated|reverse dns|\bptr\b|\brdns\b/,
  ],
  [
    "sender_refused",
    /sender(?:'s)? (?:address|domain)\b.{0,60}(?:does not exist|not exist|invalid|unknown|reject|syntact)|sender (?:address |domain |id |verify |is )?(?:rejected|refused|denied|failed|invalid|unknown|not (?:allowed|accepted|found))|sender verif|(?:mail from|from address|envelope sender|bounce address|sender domain).{0,40}(?:reject|refus|denied|does not exist|invalid|not valid)|\baup#/,
  ],
  [
    "relaying",
    /relay(?:ing)?(?: access)? (?:denied|not (?:permitted|allowed)|prohibited)|unable to relay|rcpthosts/,
  ],
  [
    "content",
    /\bvirus|malware|attachment|message (?:size|too large|is too (?:big|large))|size limit|too large|content (?:rejected|filter|not accepted|refused)|\burl\b.{0,30}(?:listed|blocked)|phish|header is too long/,
  ],
  ["blocked", /\bblocked\b|\(bl\)/],
  ["policy", /\bpolic(?:y|ies)\b|violat/],
  ["busy", /receiving mail (?:at a rate|too quickly)|gr[ae]y ?list/],
  [
    "mailbox_full",
    /(?:mailbox|inbox|account|user|recipient).{0,30}\b(?:is )?(?:full|over ?quota|exceed(?:s|ed).{0,20}(?:quota|storage|limit))|over ?quota|quota exceed|exceeded storage|out of storage|insufficient (?:system )?storage|storage (?:limit|quota)|disk (?:quota|full)/,
  ],
  [
    "disabled",
    /(?:account|mailbox|user|recipient|address|e-?mail)\b.{0,40}\b(?:disabled|inactive|deactivated|suspended|closed|terminated|locked|expired|discontinued|no longer (?:active|available|in use|valid|accept))/,
  ],
  [
    "no_domain",
    /null ?mx|domain (?:name )?(?:not found|does ?n.?t exist|unknown|has no)|(?:host|domain) (?:or domain name )?(?:unknown|not found)|unknown (?:host|domain)|nxdomain|no (?:mx|mail) (?:record|host|server|exchanger)|recipient domain|does not accept (?:e-?)?mail/,
  ],
  [
    "no_mailbox",
    /(?:user|mailbox|recipient|account|address|destinataire|utilisateur|inconnu|empf.nger)\b.{0,60}\b(?:unknown|not (?:found|exist|known|available|a valid|valid|our)|unavailable|invalid|inconnu|does ?n[o']?.?t exist|undeliverable|unrout(?:e?able)|rejected|doesn.t have)|(?:unknown|invalid|no such|non-?existent|bad destination|not a valid|unrout(?:e?able)|undeliverable|inactive) (?:local[ -]?part|user|mailbox|recipient|account|address|person|name)|no (?:mailbox|such|account|user)\b|recipientnotfound|(?:does ?n.?t|not) have an? .{0,40}account|account.{0,60}(?:does ?n.?t|not) exist|does ?n.?t exist|not (?:our )?(?:a )?(?:customer|known here)|ofr_?416|user_unknown|address_unknown/,
  ],
];

/** A reply's three digits, with its enhanced code where one follows (RFC 5321 section 4.2, RFC 3463); not any numbers with dots in the text. */
const REPLY =
  /(?:^|[\s;:>-])([45]\d\d)(?:[ -]+(?:\[internal\] )?#?([45])\.(\d{1,3})\.(\d{1,3})(?![\d.]))?(?=[\s#<[(;:,-]|$)/;
/** The status of a delivery report alone. */
const STATUS = /^(?:smtp;\s*)?([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])/;
/** As qmail ends its replies: `(#5.1.1)`. */
const AT_END = /\(#([45])\.(\d{1,3})\.(\d{1,3})[^)]*\)/;

type Code = { readonly kind: string; readonly subject: number; readonly detail: number };
type Reply = { readonly digits: string | null; readonly code: Code | null };

/**
 * Sorts a bounce by the receiver's words, its enhanced status code and the provider's own class, in this order (rule 6.26). Nothing is harder than
 * the provider's Transient, and nothing that the receiver says of us suppresses anyone.
 */
export function classifyBounce(bounce: Bounce): Classified {
  // Without a reply of the receiver's the provider's own prose says no more than its class.
  const told = bounce.diagnosticCode.length > 0 ? bounce.diagnosticCode.join(" ") : "";
  const said = (told === "" && REPLIES.test(bounce.message) ? bounce.message : told).slice(0, SAID_MAX);
  const reply = readReply(said);
  const cause = causeOf(bounce, said, reply);
  const hard = CAUSES[cause] === "hard" || (cause === "unsaid" && bounce.type === "Permanent");
  const softened = hard && (bounce.type === "Transient" || reply.digits?.startsWith("4") === true);
  return {
    class: softened ? "soft" : hard ? "hard" : CAUSES[cause],
    cause,
    code: codeOf(reply) ?? `${bounce.type}/${bounce.subType}`.slice(0, 60),
  };
}

/** A text that is a receiver's reply. */
const REPLIES = /^(?:smtp;\s*)?[45]\d\d[ -]/;
/** More than any receiver says. */
const SAID_MAX = 2000;

const SUB_TYPES: Readonly<Record<string, Cause>> = {
  MessageTooLarge: "content",
  ContentRejected: "content",
  AttachmentRejected: "content",
  MailboxFull: "mailbox_full",
  NoEmail: "no_mailbox",
};

function causeOf({ subType }: Bounce, said: string, { digits, code }: Reply): Cause {
  const told = SUB_TYPES[subType];
  if (told === "content") return told;
  const found = wordsOf(said, code);
  if (digits?.startsWith("4") === true || code?.kind === "4")
    return found === "mailbox_full" ? found : "temporary";
  if (found !== undefined) return found;
  return (code === null ? undefined : causeOfCode(code)) ?? told ?? "unsaid";
}

/** What the receiver's words say; of an address only clearly where the code beside them speaks of the sender, the content or a policy. */
function wordsOf(said: string, code: Code | null): Cause | undefined {
  if (code?.subject === 1 && (code.detail === 7 || code.detail === 8)) return "sender_refused";
  const whole = said.toLowerCase();
  const list = LISTS.find(([, pattern]) => pattern.test(whole))?.[0];
  if (list !== undefined) return list;
  if (code?.subject === 2 && code.detail === 2) return "mailbox_full";
  const words = withoutNames(whole);
  const found = WORDS.find(([, pattern]) => pattern.test(words))?.[0];
  const ofAnAddress = found !== undefined && CAUSES[found] === "hard";
  const ofUs = code !== null && (code.subject === 6 || code.subject === 7);
  return ofAnAddress && ofUs && !CLEARLY_GONE.test(words) ? "policy" : found;
}

/** Lists and checks that receivers name by their addresses. */
const LISTS: ReadonlyArray<readonly [Cause, RegExp]> = [
  ["unauthenticated", /openspf|[?&]s=mfrom|\bspf\b|dmarc|dkim/],
  ["blocked", /spamhaus|spamcop|barracudacentral|dnsbl|\bsorbs\b/],
];
const CLEARLY_GONE =
  /user unknown|unknown user|no such (?:user|mailbox|recipient|person)|(?:user|mailbox|recipient|account) .{0,40}(?:does ?n.?t|does not) exist|(?:user|mailbox|recipient) not found/;

/** RFC 3463 sections 3.2 to 3.8: 1 is the address, 2 the mailbox, 3 the mail system, 4 the network, 5 the protocol, 6 content, 7 policy; 0 says nothing. */
function causeOfCode({ subject, detail }: Code): Cause | undefined {
  switch (subject) {
    case 1:
      // 5.1.7 and 5.1.8 blame the sender's address. 5.1.10 is a null MX (RFC 7505 section 4.1); 5.1.0 says nothing.
      if (detail === 0) return undefined;
      if (detail === 7 || detail === 8) return "sender_refused";
      return detail === 2 || detail === 10 ? "no_domain" : "no_mailbox";
    case 2:
      if (detail === 0) return undefined;
      return detail === 1 ? "disabled" : detail === 2 ? "mailbox_full" : "server";
    case 3:
      return detail === 0 ? undefined : detail === 4 ? "content" : "server";
    case 4:
      // 5.4.4: no host takes the domain's mail. 5.4.1 is what Exchange Online says of an address that isn't there.
      if (detail === 0) return undefined;
      return detail === 4 ? "no_domain" : detail === 1 ? "no_mailbox" : "server";
    case 5:
      return detail === 0 ? undefined : detail === 3 ? "too_many" : "protocol";
    case 6:
      return "content";
    case 7:
      return "policy";
    default:
      return undefined;
  }
}

function readReply(said: string): Reply {
  const [, digits = null, kind, subject, detail] = REPLY.exec(said) ?? [];
  const own = codeFrom([kind, subject, detail]);
  const [, ...status] = STATUS.exec(said) ?? AT_END.exec(said) ?? [];
  const code = own ?? codeFrom(status);
  // A code of another class than its reply's is a misprint.
  const agrees = code === null || digits === null || code.kind === digits[0];
  return { digits, code: agrees ? code : null };
}

function codeFrom([kind, subject, detail]: ReadonlyArray<string | undefined>): Code | null {
  return kind === undefined || subject === undefined || detail === undefined
    ? null
    : { kind, subject: Number(subject), detail: Number(detail) };
}

function codeOf({ digits, code }: Reply): string | null {
  return code === null ? digits : `${code.kind}.${code.subject}.${code.detail}`;
}

/** Without addresses, links, hosts and their numbers, whose names could be taken for words of the receiver's. */
function withoutNames(said: string): string {
  return said
    .replaceAll(/https?:\/\/\S+/g, " ")
    .replaceAll(/<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?/g, "address ")
    .replaceAll(/\[?\b\d{1,3}(?:\.\d{1,3}){3}\b\]?/g, "host ")
    .replaceAll(/\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,10}\b/g, "host ")
    .replaceAll(/\s+/g, " ");
}
