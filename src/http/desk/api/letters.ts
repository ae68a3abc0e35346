import * as z from "zod";
import { KINDS } from "../../../domain/kinds.ts";
import { listUnresolved } from "../../../domain/ledger/queries/letters.ts";
import { giveUpLetters, releaseLetters, sendAgain } from "../../../domain/sending/owner-acts.ts";
import { reconcileUncertain } from "../../../domain/sending/reconcile.ts";
import { endpoint, reply } from "../..//api/endpoint.ts";
import { id, instant } from "../../api/fields.ts";
import { listOf, pageOf, pageQuery } from "../../api/list.ts";
import { snake } from "../../api/snake.ts";

const UNRESOLVED = ["held", "uncertain"] as const;

const RECONCILE_PAGES = 50;

const ids = z.array(z.int().min(1)).min(1);
const chosen = z.strictObject({ ids: ids.max(100) }).meta({ id: "Ids", description: "Letters by their ids" });
const byIdsOrReason = z
  .union([
    chosen,
    z.strictObject({
      run: z.int().min(1),
      reason: z.string().min(1).max(500).meta({ description: "As the letters have it, such as no_answer" }),
    }),
  ])
  .meta({
    id: "LettersChosen",
    description:
      "Letters by their ids, or those of a run with one reason; repeat it until the answer is empty",
  });

function chosenOf(body: z.infer<typeof byIdsOrReason>) {
  return "ids" in body ? body.ids : { runId: body.run, reason: body.reason };
}

const letterSchema = z
  .object({
    id,
    subscriber_id: id.nullable(),
    run_id: id.nullable(),
    kind: z.string().meta({
      enum: [...KINDS.all.map(({ name }) => name), "repeat"],
      description: "What it is; `repeat` for one sent again",
    }),
    step: z.string().nullable(),
    state: z.enum(UNRESOLVED),
    reason: z.string().nullable(),
    slot_at: instant,
    settled_at: instant.nullable(),
  })
  .meta({ id: "Letter", description: "A letter waiting for the owner's decision" });

/** The owner's API of letters that wait for a decision. */
export const LETTERS = [
  endpoint({
    method: "get",
    path: "/api/v1/admin/letters",
    name: "listLetters",
    tag: "Sending",
    summary: "Held or uncertain letters",
    query: z.strictObject({
      state: z.enum(UNRESOLVED).meta({
        description:
          "`held`: certainly not sent, and too late for its slot; `uncertain`: no one knows whether it was sent",
      }),
      ...pageQuery(z.int()),
    }),
    answers: { 200: { description: "Letters, oldest first", schema: listOf(letterSchema) } },
    run: async (c, { query: { state, limit, cursor } }) => {
      const page = { after: cursor ?? 0, limit: limit + 1 };
      const rows = await listUnresolved(c.var.db, c.var.kinds, state, page);
      return reply(
        200,
        pageOf(rows.map(snake), limit, (letter) => letter.id),
      );
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/letters/release",
    name: "releaseLetters",
    tag: "Sending",
    summary: "Send held letters now, at most 500",
    body: z.union([z.strictObject({ ids: ids.max(500) }), z.strictObject({ run: z.int().min(1) })]),
    answers: { 200: { description: "How many were released", schema: z.object({ released: z.int() }) } },
    act: "release_letters",
    run: async (c, { body }) => {
      const which = "ids" in body ? { ids: body.ids } : { runId: body.run };
      return reply(200, { released: await releaseLetters(await c.var.services(), which) });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/letters/reconcile",
    name: "reconcileLetters",
    tag: "Sending",
    summary: "Ask the provider which uncertain letters it has",
    body: chosen,
    answers: {
      200: {
        description: "How many were found and now count as accepted, and how many were certainly never sent",
        schema: z.object({ found: z.int(), unsent: z.int() }),
      },
    },
    act: "reconcile_letters",
    run: async (c, { body }) => {
      const which = { ids: body.ids, since: 0, pages: RECONCILE_PAGES, pagesToProve: RECONCILE_PAGES };
      return reply(200, await reconcileUncertain(await c.var.services(), which));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/letters/give-up",
    name: "giveUpLetters",
    tag: "Sending",
    summary:
      "Give up on held letters (their theme is up next again) or uncertain ones (their theme counts as received)",
    body: byIdsOrReason,
    answers: {
      200: {
        description: "The letters given up on, at most 500",
        schema: z.object({ given_up: z.array(id) }),
      },
    },
    act: "give_up_letters",
    run: async (c, { body }) => {
      return reply(200, { given_up: await giveUpLetters(await c.var.services(), chosenOf(body)) });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/letters/send-again",
    name: "sendLettersAgain",
    tag: "Sending",
    summary: "Send failed or uncertain letters again; the only way a letter can come twice",
    body: byIdsOrReason,
    answers: {
      200: {
        description: "The letters being sent again, at most 100",
        schema: z.object({ sent_again: z.array(id) }),
      },
    },
    act: "send_letters_again",
    run: async (c, { body }) => {
      const again = await sendAgain(await c.var.services(), chosenOf(body));
      return reply(200, { sent_again: [...again] });
    },
  }),
];
