import { signLink } from "../../platform/links/token.ts";
import { linkUrl } from "../../platform/links/urls.ts";
import type { OutboundMessage } from "../../platform/providers/mail-provider.ts";
import type { Services } from "../../platform/services.ts";
import { readRenditions } from "../letters/queries/renditions.ts";
import type { PinnedMember, Settled } from "./compose-attempt.ts";
import { type CompiledRendition, compileRendition } from "./merge.ts";
import { type MessageFrame, secretOf } from "./message-frame.ts";
import { outboundMessage } from "./outbound-message.ts";

/** The messages of a call with their members in the same order, and the letters that cannot be composed. */
export type ComposedCall = {
  readonly members: readonly PinnedMember[];
  readonly messages: readonly OutboundMessage[];
  readonly failed: readonly Settled[];
};

/** Merges the members' letters. The same frame and members give the same bytes, however often and whenever. */
export async function composeCall(
  deps: Pick<Services, "db" | "config">,
  frame: MessageFrame,
  send: readonly PinnedMember[],
): Promise<ComposedCall> {
  const secret = await secretOf(deps.config, frame);
  const renditions = await compiledRenditions(
    deps,
    send.map((member) => member.renditionId),
  );
  const readUrls = new Map<number, string>();
  for (const { renditionId: id } of send) {
    if (readUrls.has(id)) continue;
    const token = await signLink(secret, { purpose: "read", id, expiresAt: null });
    readUrls.set(id, linkUrl(frame.publicUrl, "read", token));
  }
  const members: PinnedMember[] = [];
  const messages: OutboundMessage[] = [];
  const failed: Settled[] = [];
  for (const member of send) {
    const rendition = renditions.get(member.renditionId);
    if (rendition === undefined) {
      failed.push({ id: member.id, state: "failed", reason: "rendition_missing" });
      continue;
    }
    const readUrl = readUrls.get(member.renditionId) ?? "";
    const composed = await outboundMessage(frame, secret, { ...member, readUrl }, rendition);
    if (composed.kind === "unresolved") {
      failed.push({ id: member.id, state: "failed", reason: `unresolved_slot: ${composed.slot}` });
    } else {
      members.push(member);
      messages.push(composed.message);
    }
  }
  return { members, messages, failed };
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
