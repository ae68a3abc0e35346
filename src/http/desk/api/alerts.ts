import * as z from "zod";
import { clearAlertOf } from "../../../domain/sending/owner-acts.ts";
import { listAlerts } from "../../../platform/log/queries.ts";
import { endpoint, reply, unknown } from "../..//api/endpoint.ts";
import { instant } from "../../api/fields.ts";
import { wholeList, wholeListOf } from "../../api/list.ts";
import { snake } from "../../api/snake.ts";

const alertSchema = z
  .object({
    name: z.string(),
    detail: z.string(),
    count: z.int(),
    first_at: instant,
    last_at: instant,
    told_at: instant
      .nullable()
      .meta({ description: "When it was posted to ALERT_WEBHOOK_URL; null if it wasn't" }),
    mailed_at: instant
      .nullable()
      .meta({ description: "When it was last mailed to the owners; null if it wasn't" }),
  })
  .meta({ id: "Alert", description: "Something the owner should look at; `count` says how often" });

/** The owner's API of alerts. */
export const ALERTS = [
  endpoint({
    method: "get",
    path: "/api/v1/admin/alerts",
    name: "listAlerts",
    tag: "Sending",
    summary: "What the owner should look at",
    answers: { 200: { description: "Alerts, latest first", schema: wholeListOf(alertSchema) } },
    run: async (c) => reply(200, wholeList((await listAlerts(c.var.db)).map(snake))),
  }),
  endpoint({
    method: "delete",
    path: "/api/v1/admin/alerts/{name}",
    name: "clearAlert",
    tag: "Sending",
    summary: "Clear an alert",
    params: z.strictObject({ name: z.string().max(100) }),
    answers: { 200: { description: "Cleared", schema: z.object({ cleared: z.literal(true) }) } },
    act: "clear_alert",
    run: async (c, { params }) =>
      (await clearAlertOf(await c.var.services(), params.name))
        ? reply(200, { cleared: true })
        : unknown("alert"),
  }),
];
