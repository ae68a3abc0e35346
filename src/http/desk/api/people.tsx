import type { Context } from "hono";
import * as z from "zod";
import { DELIVERY_STATES } from "../../../domain/ledger/delivery-state.ts";
import type { Address } from "../../../domain/people/address.ts";
import { addressHash } from "../../../domain/people/address-hash.ts";
import { findSubscriber } from "../../../domain/people/queries/subscribers.ts";
import { SUBSCRIBER_STATES } from "../../../domain/people/subscriber-state.ts";
import { STRONGEST_FIRST } from "../../../domain/people/suppression.ts";
import { eraseByOwner } from "../../../domain/privacy/erase.ts";
import { timeline } from "../../../domain/privacy/timeline.ts";
import { readConsentRecords } from "../../../domain/signup/queries/consent-records.ts";
import { endpoint, reply, unknown } from "../..//api/endpoint.ts";
import { hash, id, idPath, instant, languageTag } from "../../api/fields.ts";
import { snake } from "../../api/snake.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { ProofPage } from "../../ui/proof-page.tsx";
import { showPage } from "../../ui/show-page.ts";
import { addressBody } from "./address.ts";

type Ctx = Context<AppEnv>;

const timelineSchema = z
  .object({
    subscriber_id: id,
    state: z.enum(SUBSCRIBER_STATES),
    suppressed: z
      .object({ reason: z.enum(STRONGEST_FIRST), since: instant, until: instant.nullable() })
      .nullable()
      .meta({ description: "The suppression in force on the address" }),
    entries: z.array(
      z.object({
        at: instant,
        what: z.string(),
        sequence: z.string().nullish(),
        step: z.string().nullish(),
        letter_id: id.optional(),
        kind: z.string().optional(),
        slot_at: instant.optional(),
        reason: z.string().nullish(),
      }),
    ),
    upcoming: z.array(
      z.object({
        sequence: z.string(),
        state: z.enum(["active", "paused", "stopped", "completed"]),
        slot: z.object({
          weekday: z.int().min(1).max(7).meta({ description: "1 is Monday" }),
          hour: z.int().min(0).max(23),
          time_zone: z.string(),
        }),
        next_at: instant.nullable(),
        next_step: z.string().nullable(),
        next_title: z.string().nullable(),
        next_number: z.int().nullable().meta({ description: "Which letter of the sequence it is, from 1" }),
        why: z.string().meta({ description: "`comes`, or why nothing does" }),
      }),
    ),
  })
  .meta({ id: "Timeline", description: "Everything that happened to a person's mail, and what comes next" });

const consentSchema = z
  .object({
    id,
    sequence: z.string().nullable().meta({ description: "Null for a consent to broadcasts alone" }),
    wording_version: z.string(),
    wording_text: z.string().meta({ description: "What the person agreed to" }),
    wording_hash: hash.meta({ description: "SHA-256 of the text" }),
    locale: languageTag,
    partner: z.string().nullable().meta({ description: "Its slug; null for our own page" }),
    partner_name: z.string().nullable(),
    form_key: z.string().nullable(),
    origin: z.string().meta({ description: "`unknown` if the browser didn't say" }),
    page: z.string().meta({
      description: "Path of the page with the form; empty if the browser didn't say",
    }),
    ip_hash: hash.nullable().meta({
      description: "Keyed hash of the network; null if none is known, or after 30 days",
    }),
    requested_at: instant,
    mail_id: id.nullable().meta({ description: "The confirmation email" }),
    mail_state: z.enum(DELIVERY_STATES).nullable(),
    mail_provider_id: z.string().nullable().meta({ description: "What the provider calls the mail" }),
    mail_settled_at: instant.nullable(),
    confirmed_at: instant.nullable(),
    disposable: z.boolean().meta({ description: "Whether the domain gives out throw-away addresses" }),
  })
  .meta({ id: "Consent", description: "The record of one consent" });

const consentsSchema = z
  .object({
    subscriber_id: id,
    address: z.string(),
    state: z.enum(SUBSCRIBER_STATES),
    consents: z.array(consentSchema).meta({ description: "Every consent, oldest first" }),
  })
  .meta({ id: "Consents" });

const answers = {
  timeline: { 200: { description: "The timeline", schema: timelineSchema } },
  consents: { 200: { description: "The record of consent", schema: consentsSchema, html: true } },
} as const;

/** The owner's API of single people: what happened to their mail, what they agreed to, and erasing. */
export const PEOPLE = [
  endpoint({
    method: "get",
    path: "/api/v1/admin/subscribers/{id}/timeline",
    name: "timeline",
    tag: "People",
    summary: "Everything that happened to a person's mail, and what comes next",
    params: idPath,
    answers: answers.timeline,
    run: (c, { params }) => timelineOf(c, params.id),
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/subscribers/timeline",
    name: "timelineByAddress",
    tag: "People",
    summary: "The same by address, which stays out of the URL",
    body: addressBody,
    answers: answers.timeline,
    problems: { not_found: "No one has that address" },
    act: null,
    run: async (c, { body }) => timelineOf(c, await idOf(c, body.address)),
  }),
  endpoint({
    method: "get",
    path: "/api/v1/admin/subscribers/{id}/consents",
    name: "consents",
    tag: "People",
    summary: "What a person agreed to, when, where and how; as a page to print with `Accept: text/html`",
    params: idPath,
    answers: answers.consents,
    run: (c, { params }) => consentsOf(c, params.id),
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/subscribers/consents",
    name: "consentsByAddress",
    tag: "People",
    summary: "The same by address, which stays out of the URL",
    body: addressBody,
    answers: answers.consents,
    problems: { not_found: "No one has that address" },
    act: null,
    run: async (c, { body }) => consentsOf(c, await idOf(c, body.address)),
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/subscribers/erase",
    name: "erase",
    tag: "People",
    summary: "Erase a person by address; we never email the address again",
    body: addressBody,
    answers: {
      200: {
        description: "Everything about them is erased",
        schema: z.object({ result: z.literal("erased") }),
      },
      202: {
        description: "No more email goes out; the rest is erased once a letter on its way has its answer",
        schema: z.object({ result: z.literal("waiting") }),
      },
    },
    problems: { not_found: "No one has that address" },
    act: "erase_subscriber",
    run: async (c, { body }) => {
      const result = await eraseByOwner(await c.var.services(), body.address);
      switch (result) {
        case "unknown":
          return unknown("subscriber");
        case "erased":
          return reply(200, { result });
        case "waiting":
          return reply(202, { result });
      }
    },
  }),
];

async function idOf(c: Ctx, { key }: Address): Promise<number | null> {
  const found = await findSubscriber(c.var.db, { key, hash: await addressHash(c.var.config, key) });
  return found?.id ?? null;
}

async function timelineOf(c: Ctx, subscriberId: number | null) {
  const { db, kinds } = c.var;
  const found =
    subscriberId === null ? null : await timeline({ db, kinds, now: await c.var.now() }, subscriberId);
  if (found === null) return unknown("subscriber");
  return reply(200, {
    ...snake(found),
    entries: found.entries.map(snake),
    upcoming: found.upcoming.map(({ slot, ...rest }) => ({ ...snake(rest), slot: snake(slot) })),
  });
}

async function consentsOf(c: Ctx, subscriberId: number | null) {
  const found = subscriberId === null ? null : await readConsentRecords(c.var.db, subscriberId);
  if (subscriberId === null || found === null) return unknown("subscriber");
  const { address, state, records } = found;
  if (c.req.header("accept")?.includes("text/html") === true) {
    const page = (
      <ProofPage
        owner={(await c.var.site()).owner}
        address={address}
        state={state}
        records={records}
        madeAt={await c.var.now()}
      />
    );
    return { response: await showPage(c, page, { language: "en" }) };
  }
  const body = { subscriber_id: subscriberId, address, state, consents: records.map(snake) };
  return reply(200, body);
}
