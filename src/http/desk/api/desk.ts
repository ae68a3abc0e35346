import * as z from "zod";
import { ROLES } from "../../../domain/desk/may.ts";
import { addToDesk, listDesk, removeFromDesk } from "../../../domain/desk/queries/people.ts";
import { makeDeskLink } from "../../../domain/desk/queries/sessions.ts";
import { deskAddress } from "../../../domain/desk/read-address.ts";
import { FRESH_MS } from "../../../domain/desk/session.ts";
import type { Config } from "../../../platform/config.ts";
import { signLink } from "../../../platform/links/token.ts";
import { endpoint, faultyField, reply, unknown } from "../../api/endpoint.ts";
import { id, idPath, instant } from "../../api/fields.ts";
import { wholeList, wholeListOf } from "../../api/list.ts";

const person = z
  .object({
    id,
    address: z.string(),
    role: z.enum(ROLES).meta({ description: "What they may do" }),
    created_at: instant,
  })
  .meta({ id: "PersonAtDesk", description: "Someone at the desk" });

const viewOf = ({ personId, createdAt, ...rest }: Awaited<ReturnType<typeof listDesk>>[number]) => ({
  id: personId,
  ...rest,
  created_at: createdAt,
});

/** The owner's API of who is at the desk. */
export const PEOPLE_AT_DESK = [
  endpoint({
    method: "get",
    path: "/api/v1/admin/desk/people",
    name: "listDesk",
    tag: "Desk",
    summary: "Who is at the desk",
    answers: { 200: { description: "People, by address", schema: wholeListOf(person) } },
    run: async (c) => reply(200, wholeList((await listDesk(c.var.db)).map(viewOf))),
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/desk/people",
    name: "addToDesk",
    tag: "Desk",
    summary: "Give someone a place at the desk, or another role",
    description: "Another role ends their sessions.",
    body: z
      .strictObject({
        address: deskAddress.meta({ description: "Theirs, as Cloudflare Access knows it" }),
        role: z.enum(ROLES),
      })
      .meta({ id: "PersonAtDeskInput" }),
    answers: {
      200: {
        description: "They have that role",
        schema: z.object({ changed: z.boolean().meta({ description: "False where they had it already" }) }),
      },
    },
    act: "add_to_desk",
    run: async (c, { body }) => {
      const { db, now, by } = await c.var.services();
      const done = await addToDesk(db, { ...body, now, by });
      if (done === "last_owner")
        return faultyField("role", "would leave the desk without an owner: make someone else one first");
      return reply(200, { changed: done === "added" });
    },
  }),
  endpoint({
    method: "delete",
    path: "/api/v1/admin/desk/people/{id}",
    name: "removeFromDesk",
    tag: "Desk",
    summary: "Take someone's place at the desk; the last owner stays",
    description: "Their sessions end at once.",
    params: idPath,
    answers: { 200: { description: "They're gone", schema: z.object({ removed: z.literal(true) }) } },
    act: "remove_from_desk",
    run: async (c, { params }) => {
      const { db, now, by } = await c.var.services();
      return (await removeFromDesk(db, { personId: params.id, now, by }))
        ? reply(200, { removed: true })
        : unknown("person at the desk, or they're the last owner");
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/desk/links",
    name: "makeDeskLink",
    tag: "Desk",
    summary: "Make a link into the desk: it works once, within ten minutes",
    body: z
      .strictObject({ address: deskAddress.meta({ description: "Whose link it is" }) })
      .meta({ id: "DeskLinkInput" }),
    answers: {
      201: {
        description: "The link; it's as good as a password",
        schema: z.object({ id, expires_at: instant, url: z.url() }),
      },
    },
    act: "make_desk_link",
    secrets: {
      fields: ["url"],
      reveal: async (c, kept) => ({
        url: await deskUrl(c.var.config, id.parse(kept.id), Date.parse(String(kept.expires_at))),
      }),
    },
    run: async (c, { body: { address } }) => {
      const { db, config, now, by, wallNow } = await c.var.services();
      const at = wallNow();
      const link = await makeDeskLink(db, { address, now, wallNow: at, by });
      if (link === null) return faultyField("address", "is no one's at the desk: add them first");
      const expiresAt = at + FRESH_MS;
      return reply(201, { id: link, expires_at: expiresAt, url: await deskUrl(config, link, expiresAt) });
    },
  }),
];

async function deskUrl(
  { publicUrl, signingSecrets }: Pick<Config, "publicUrl" | "signingSecrets">,
  linkId: number,
  expiresAt: number,
): Promise<string> {
  const token = await signLink(signingSecrets[0], { purpose: "desk", id: linkId, expiresAt, generation: 0 });
  return `${publicUrl}/desk/enter/${token}`;
}
