import * as z from "zod";
import { lift, suppress } from "../../../domain/people/suppress.ts";
import { endpoint, reply } from "../..//api/endpoint.ts";
import { address } from "./address.ts";

const body = z.strictObject({
  address,
  note: z.string().trim().min(1).max(300).meta({ description: "Why; kept with the suppression" }),
});

/** The owner's API of the suppression list: put an address on it, take one off, each with a note. */
export const SUPPRESSIONS = [
  endpoint({
    method: "post",
    path: "/api/v1/admin/suppressions",
    name: "suppress",
    tag: "People",
    summary: "Never email an address again",
    body,
    answers: { 200: { description: "It's on the list", schema: z.object({ suppressed: z.literal(true) }) } },
    act: "suppress",
    run: async (c, { body: { address: of, note } }) => {
      await suppress(await c.var.services(), of.key, note);
      return reply(200, { suppressed: true });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/suppressions/lift",
    name: "liftSuppression",
    tag: "People",
    summary: "Take an address off the list; someone stopped by a bounce or a complaint has to sign up again",
    body,
    answers: { 200: { description: "It's off the list", schema: z.object({ lifted: z.literal(true) }) } },
    problems: { not_found: "That address isn't on the list" },
    act: "lift_suppression",
    run: async (c, { body: { address: of, note } }) =>
      (await lift(await c.var.services(), of.key, note))
        ? reply(200, { lifted: true })
        : { code: "not_found", detail: "That address isn't on the list." },
  }),
];
