import * as z from "zod";
import { listDesk, readAtDesk } from "../../../domain/desk/queries/people.ts";
import { deskAddress } from "../../../domain/desk/read-address.ts";
import { checkSender } from "../../../domain/sending/check-sender.ts";
import { readTickedAt } from "../../../domain/sending/installation.ts";
import { type Probe, readProbe, sendProbe } from "../../../domain/sending/probe.ts";
import { endpoint, faultyField, reply } from "../../api/endpoint.ts";
import { instant } from "../../api/fields.ts";

const STATES = ["right", "wrong", "could_not_ask"] as const;

const probe = z
  .object({
    at: instant,
    taken: z.boolean().meta({ description: "Whether the provider took all of its letters" }),
    seen: z.record(z.string(), instant).meta({
      description: "What was reported of them, and when: `sent`, `delivered`, `bounced`, `complained`",
    }),
  })
  .meta({ id: "Probe", description: "A round trip through the provider's test addresses" });

const viewOf = ({ id: _, ...rest }: Probe) => rest;

/** The owner's API of what an installation needs beyond running: whether mail leaves, arrives and is reported, and who looks after it. */
export const CHECKS = [
  endpoint({
    method: "get",
    path: "/api/v1/admin/checks",
    name: "checks",
    tag: "Sending",
    summary: "Whether everything is set up that mail needs to arrive, and the desk to be reached",
    description: "Asks the provider and the name servers, so it may take some seconds. Changes nothing.",
    answers: {
      200: {
        description: "What was found",
        schema: z
          .object({
            provider: z.enum(["resend", "mailbox"]),
            domain: z.string().meta({ description: "That mail is sent from" }),
            checks: z.array(z.object({ what: z.string(), state: z.enum(STATES) })),
            can_read_list: z
              .boolean()
              .nullable()
              .meta({ description: "Whether the provider's key may read what was sent; null in a trial" }),
            ticked_at: instant
              .nullable()
              .meta({ description: "When the cron was last seen, noted every hour; null for never" }),
            at_desk: z.object({ people: z.int(), owners: z.int() }),
            access_audience: z.string().nullable().meta({
              description: "Of the Cloudflare Access application that the desk trusts; null for none",
            }),
            now: instant.meta({ description: "The service's clock" }),
            probe: probe.nullable().meta({ description: "The last one; null for none" }),
          })
          .meta({ id: "Checks" }),
      },
    },
    run: async (c) => {
      const { db, config } = c.var;
      const services = await c.var.services();
      const isTrial = config.provider.kind === "mailbox";
      const [sender, listed, people, last, tickedAt] = await Promise.all([
        checkSender(services),
        isTrial ? null : services.provider.listSent(null),
        listDesk(db),
        readProbe(db),
        readTickedAt(db),
      ]);
      return reply(200, {
        provider: config.provider.kind,
        domain: sender.domain,
        checks: isTrial ? [] : sender.checks.map(({ what, state }) => ({ what, state })),
        can_read_list: isTrial ? null : listed !== null,
        ticked_at: tickedAt,
        at_desk: { people: people.length, owners: people.filter(({ role }) => role === "owner").length },
        access_audience: config.access?.audience ?? null,
        now: c.var.wallNow(),
        probe: last === null ? null : viewOf(last),
      });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/checks/probe",
    name: "sendProbe",
    tag: "Sending",
    summary: "Send a letter to each of the provider's test addresses, and one to someone at the desk",
    description: "Look at the checks a minute later: what was reported of them is there.",
    body: z
      .strictObject({
        to: deskAddress
          .nullable()
          .default(null)
          .meta({ description: "Someone at the desk; null for nobody" }),
      })
      .meta({ id: "ProbeInput" }),
    answers: { 200: { description: "What left", schema: probe } },
    act: "test_letter",
    run: async (c, { body: { to } }) => {
      const services = await c.var.services();
      if (to !== null && (await readAtDesk(services.db, to)) === null)
        return faultyField("to", "isn't at the desk");
      return reply(200, viewOf(await sendProbe(services, to)));
    },
  }),
];
