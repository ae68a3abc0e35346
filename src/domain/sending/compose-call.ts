import type { Config } from "../../platform/config.ts";
import type { MessageFrame, PinnedMember } from "../../platform/db/schema/index.ts";
import { signLink } from "../../platform/links/token.ts";
import { linkUrl } from "../../platform/links/urls.ts";
import type { OutboundMessage } from "../../platform/providers/mail-provider.ts";
import type { MessageParts } from "../ledger/kind.ts";
import type { Settled } from "../ledger/settled.ts";
import { readRenditions } from "../letters/queries/renditions.ts";
import type { Services } from "../services.ts";
import { type CompiledRendition, compileRendition } from "./merge.ts";
import { secretOf } from "./message-frame.ts";
import { outboundMessage } from "./outbound-message.ts";

/** The messages of a call with their members in the same order, and the letters that cannot be composed. */
export type ComposedCall = {
  readonly members: readonly PinnedMember[];
  readonly messages: readonly OutboundMessage[];
  readonly failed: readonly Settled[];
};

/** Merges the members' letters. The same frame and members give the same bytes, however often and whenever. */
export async function composeCall(
  deps: Pick<Services, "db" | "config" | "kinds">,
  frame: MessageFrame,
  send: readonly PinnedMember[],
): Promise<ComposedCall> {
  const sign = await linkSigner(deps.config, frame);
  const host = new URL(frame.publicUrl).hostname;
  const renditions = await compiledRenditions(
    deps,
    send.map((member) => member.renditionId),
  );
  const members: PinnedMember[] = [];
  const messages: OutboundMessage[] = [];
  const failed: Settled[] = [];
  for (const member of send) {
    const rendition = renditions.get(member.renditionId);
    if (rendition === undefined) {
      failed.push({ id: member.id, state: "failed", reason: "rendition_missing" });
      continue;
    }
    const parts = deps.kinds.of(member.kind).message(member);
    const composed = outboundMessage(
      { frame, host, member, parts, links: await sign(parts.links) },
      rendition,
    );
    if (composed.kind === "unresolved") {
      failed.push({ id: member.id, state: "failed", reason: `unresolved_slot: ${composed.slot}` });
    } else {
      members.push(member);
      messages.push(composed.message);
    }
  }
  return { members, messages, failed };
}

/** Links and headers of a message, in characters. */
const AROUND_CHARS = 2000;
/**
 * A character beyond Latin makes two bytes of each in the body of the call. Measured with a hundred letters of 80 KB (`npm run bench -- memory`): 20 MB a
 * call.
 */
const BYTES_PER_CHAR = 2.5;

/** How many bytes of the isolate's heap a call with these messages takes, from when its body is written until it's answered. */
export function callBytes(messages: readonly OutboundMessage[]): number {
  const chars = messages.reduce(
    (sum, { subject, html, text }) => sum + subject.length + html.length + text.length + AROUND_CHARS,
    0,
  );
  return chars * BYTES_PER_CHAR;
}

/** Signs the links of one call's messages. One that several share, such as that of a letter's copy online, is signed once. */
async function linkSigner(config: Config, frame: MessageFrame) {
  const secret = await secretOf(config, frame);
  const signed = new Map<string, Promise<string>>();
  return async (links: MessageParts["links"]): Promise<Readonly<Record<string, string>>> => {
    const urls = links.map(async ({ slot, ...subject }) => {
      const name = Object.values(subject).join(" ");
      const token = signed.get(name) ?? signLink(secret, subject);
      signed.set(name, token);
      return [slot, linkUrl(frame.publicUrl, subject.purpose, await token)] as const;
    });
    return Object.fromEntries(await Promise.all(urls));
  };
}

// Renditions are immutable, so an isolate may keep the few it is using.
const CACHED_RENDITIONS_MAX = 64;
const cache = new Map<number, CompiledRendition>();

/** Forgets the renditions kept, for a database that was restored: an id may then mean another rendition. */
export function forgetRenditions(): void {
  cache.clear();
}

async function compiledRenditions(
  { db }: Pick<Services, "db">,
  ids: readonly number[],
): Promise<ReadonlyMap<number, CompiledRendition>> {
  const wanted = [...new Set(ids)];
  if (wanted.some((id) => !cache.has(id))) {
    if (cache.size + wanted.length > CACHED_RENDITIONS_MAX) cache.clear();
    for (const rendition of await readRenditions(db, wanted))
      cache.set(rendition.id, compileRendition(rendition));
  }
  return new Map(cache);
}
