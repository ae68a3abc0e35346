import * as z from "zod";
import { isTimeZone } from "../../../platform/calendar/time-zone.ts";
import { limitsSchema } from "./limits.ts";

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

// What the URL parser takes for a host and no name server would, such as a wildcard.
const HOST = /^([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\])$/;

/** Whether an origin or URL is on this machine: allowed over http, for tests only. */
export function isTestUrl(url: string): boolean {
  return LOOPBACK.test(new URL(url).hostname);
}

const oneLine = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, "must be one line of plain text");

function webUrl(value: string): URL | null {
  if (/[\p{Cc}\s\\]/u.test(value) || !URL.canParse(value)) return null;
  const url = new URL(value);
  if (url.username !== "" || url.password !== "" || !HOST.test(url.hostname)) return null;
  if (url.protocol === "https:") return url;
  return url.protocol === "http:" && LOOPBACK.test(url.hostname) ? url : null;
}

const origin = z
  .string()
  .max(300)
  .refine((value) => {
    const url = webUrl(value);
    return url !== null && url.origin === value.toLowerCase();
  }, "must be an exact origin such as https://www.example.org, without path, wildcard or default port (http for localhost only)")
  .transform((value) => value.toLowerCase());

const returnUrl = z
  .string()
  .max(2000)
  .refine(
    (value) => webUrl(value) !== null,
    "must be an https address without user and password (http for localhost only)",
  )
  .transform((value) => new URL(value).href);

/** The address names of a partner: lower-case words joined by hyphens. */
export const partnerSlugSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(60);

/** What `PUT /api/v1/admin/partners/:slug` takes. */
export const partnerSchema = z.strictObject({
  name: oneLine(120),
  origins: z
    .array(origin)
    .min(1, "must name one origin at least")
    .max(50)
    .transform((origins) => [...new Set(origins)].sort()),
  sequence: z.string().max(100).default("strengthening-bonds"),
  time_zone: z.string().refine(isTimeZone, "must be an IANA time zone such as Europe/Berlin").optional(),
  return_urls: z
    .record(
      z.string().regex(/^[a-z0-9-]{1,40}$/, "an id is up to 40 lower-case letters, digits and hyphens"),
      returnUrl,
    )
    .refine((urls) => Object.keys(urls).length <= 20, "must be 20 at most")
    .default({}),
  consent_text: z
    .string()
    .trim()
    .min(20, "must say what a visitor agrees to")
    .max(2000)
    .regex(/^(?:[^\p{Cc}\u202a-\u202e\u2066-\u2069]|\n)*$/u, "must be plain text without bidi controls"),
  consent_locale: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "must be a language tag such as en or de-AT")
    .default("en"),
  daily_limit: z.number().int().min(1).max(100_000).nullable().default(null),
  limits: limitsSchema.default({}),
  /** Where it is left out, it stays as it is: nobody unfreezes a partner by mending its name. */
  frozen: z.boolean().optional(),
});

export type PartnerInput = z.infer<typeof partnerSchema>;

/** What `POST /api/v1/admin/partners/:slug/rotate-key` takes; `from` makes it safe to repeat. */
export const rotationSchema = z.strictObject({
  from: z.string().max(100).optional(),
  grace_days: z.number().int().min(0).max(365).default(30),
});
