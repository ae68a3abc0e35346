import * as z from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { isFile } from "../../src/http/api/answer-once.ts";
import type { Answer, Description } from "../../src/http/api/endpoint.ts";
import { faultSchema } from "../../src/http/api/faults.ts";
import { HEALTH } from "../../src/http/api/health.ts";
import { OWNERS_API } from "../../src/http/desk/api/all.ts";
import { SIGN_UP } from "../../src/http/signup/sign-up-api.ts";
import { signUpFault } from "../../src/http/signup/sign-up-schemas.ts";
import { WEBHOOKS } from "../../src/http/webhooks/routes.ts";
import { changes, HEADERS, problemsOf, UNNAMED } from "./problems.ts";
import { shared } from "./shared.ts";

const TAGS: Readonly<Record<Description["tag"], string>> = {
  Service: "Health, and what the provider reports.",
  "Sign-up": "How forms sign people up, and what was refused.",
  Site: "What readers see besides the letters: name, look, texts, consent.",
  Sequences: "What's sent: sequences and their letters.",
  Broadcasts: "One letter to many readers at once: written, scheduled, taken back, stopped.",
  Segments: "Filters of readers that are saved by a name, for broadcasts, lists and exports.",
  Sending: "Runs, letters waiting for a decision, the switches, alerts.",
  People: "One person at a time: timelines, consents, suppressions, erasing.",
  Partners: "Sites that carry our form.",
  Desk: "Who is at the owner's desk.",
  Acts: "What was done, when and by whom.",
};

const problem = z
  .object({
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: "A stable name for programs" }),
    detail: z.string().meta({ description: "What's wrong, and what to do" }),
    faults: z.array(z.unknown()).optional().meta({ description: "Each fault, if there are several" }),
  })
  .meta({ id: "Problem", description: "An RFC 9457 problem" });

/** The description of the whole API as an OpenAPI 3.1 document. */
export function openApiDocument() {
  const paths: ZodOpenApiPathsObject = {};
  for (const described of [...HEALTH, ...SIGN_UP, ...WEBHOOKS, ...OWNERS_API]) {
    const path = paths[described.path] ?? {};
    paths[described.path] = path;
    path[described.method] = operationOf(described);
    if (described.preflight !== undefined) path.options = preflightOf(described);
  }
  const document = createDocument({
    openapi: "3.1.1",
    info: {
      title: "Themepost, the owner's API",
      version: "1.0.0",
      description: INFO,
      license: { name: "MIT", identifier: "MIT" },
      contact: { name: "The owner of the installation" },
    },
    servers: [{ url: "https://letters.your-domain.org" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ owner: [] }],
    paths,
    components: {
      securitySchemes: { owner: { type: "http", scheme: "bearer", description: "ADMIN_TOKEN" } },
      headers: {
        RequestId: {
          description: "Names the request, also in the log and in the acts it left",
          schema: { type: "string" },
        },
      },
      schemas: { Problem: problem, Fault: faultSchema, SignUpFault: signUpFault },
    },
  });
  return shared(JSON.parse(JSON.stringify(document)));
}

const INFO = [
  "The owner's API of one Themepost installation: what's sent, to whom, and how it went; and the way forms sign people up. Every route under /api/v1/admin takes the owner's token. `npm run themepost` is a command line for it.",
  "On every path:",
  [
    "Instants are ISO 8601 in UTC. Addresses are never in URLs.",
    "A list is `{data, has_more, next}`; send `next` as `cursor` to get what follows.",
    "Errors are RFC 9457 problems with a stable `code`. A wrong method is 405 with `Allow`, a wrong content type 415, broken JSON 400. Anything else that's wrong with a request is 422, with `faults`. Unknown fields and query parameters are refused, except in forms and in the provider's events.",
    "Anything two people can edit has an `ETag`. A change sends the one it saw as `If-Match`: without it the answer is 428, with an older one 412. Something new needs none, and `If-None-Match: *` says it must be new. The mark of weak tags (`W/`) is ignored.",
    "A POST by the owner that changes something takes an `Idempotency-Key`: for 24 hours the same request with the same key gets the first answer, and nothing is done again. A different request with that key is 422, `key_reused`.",
    "Every answer has a `Request-Id`.",
  ]
    .map((line) => `- ${line}`)
    .join("\n"),
].join("\n\n");

function operationOf(described: Description): ZodOpenApiOperationObject {
  const { name, tag, summary, description, open, params, query, body } = described;
  const headers = headersOf(described);
  return {
    operationId: name,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(open === true ? { security: [] } : {}),
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(headers === null ? {} : { header: headers }),
    },
    ...(body === undefined ? {} : { requestBody: bodyOf(described, body) }),
    responses: {
      ...merged(answersOf(described), problemsOf(described)),
      default: UNNAMED,
    },
  } as ZodOpenApiOperationObject;
}

function bodyOf({ form }: Description, schema: z.ZodType) {
  const required = !schema.safeParse(undefined).success;
  const forms =
    form === undefined
      ? {}
      : { "application/x-www-form-urlencoded": { schema: form }, "multipart/form-data": { schema: form } };
  return { required, content: { "application/json": { schema }, ...forms } };
}

function headersOf(described: Description): z.ZodObject | null {
  const { method, ifMatch, open } = described;
  const shape = {
    ...(open === true && described.preflight !== undefined
      ? {
          Origin: z.string().optional().meta({
            description: "Where the form is, as browsers send it; one of the form's own origins",
          }),
        }
      : {}),
    ...(ifMatch === true
      ? {
          "If-Match": z.string().optional().meta({
            description: "The `ETag` of what you saw. Needed if it already exists",
          }),
          ...(method === "put"
            ? {
                "If-None-Match": z
                  .string()
                  .optional()
                  .meta({ description: "`*`: only if there's nothing yet" }),
              }
            : {}),
        }
      : {}),
    ...(method === "post" && changes(described) && !isFile(described)
      ? {
          "Idempotency-Key": z.string().min(1).max(200).optional().meta({
            description: "A name of your own for this request, so that it's safe to send twice",
          }),
        }
      : {}),
  };
  return Object.keys(shape).length === 0 ? null : z.object(shape);
}

function answersOf({ answers }: Description) {
  return Object.fromEntries(
    Object.entries(answers as Readonly<Record<string, Answer>>).map(([status, answer]) => [
      status,
      {
        description: answer.description,
        headers: {
          ...HEADERS,
          ...(answer.etag === true
            ? { ETag: { description: "The revision, for `If-Match`", schema: { type: "string" } } }
            : {}),
        },
        content: {
          ...(answer.schema === undefined ? {} : { "application/json": { schema: answer.schema } }),
          ...(answer.html === true ? { "text/html": { schema: z.string() } } : {}),
          ...(answer.csv === true ? { "text/csv": { schema: z.string() } } : {}),
        },
      },
    ]),
  );
}

type Told = Readonly<Record<string, { readonly description: string; readonly content: object }>>;

/** Answers and problems; those of one status are told together. */
function merged(answers: Told, problems: Told): Told {
  const both = Object.entries(problems).map(([status, each]) => {
    const own = answers[status];
    if (own === undefined) return [status, each] as const;
    const description = `${own.description}. ${each.description}`;
    return [status, { ...own, description, content: { ...own.content, ...each.content } }] as const;
  });
  return { ...answers, ...Object.fromEntries(both) };
}

function preflightOf({ name, tag, method }: Description): ZodOpenApiOperationObject {
  const text = (description: string) => ({ description, schema: { type: "string" as const } });
  return {
    operationId: `preflight${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
    tags: [tag],
    summary: `May a page on this origin ${method === "get" ? "ask" : "post"}? (CORS preflight)`,
    security: [],
    requestParams: {
      header: z.object({
        Origin: z.string().optional().meta({ description: "Where the form is, as browsers send it" }),
      }),
    },
    responses: {
      204: {
        description: "Preflight: the Access-Control headers come only if the origin is a partner's",
        headers: {
          ...HEADERS,
          Allow: text("The methods of this path"),
          Vary: text("`Origin`"),
          "Access-Control-Allow-Origin": text("The partner's origin"),
          "Access-Control-Allow-Methods": text("The method"),
          "Access-Control-Allow-Headers": text("`content-type`"),
          "Access-Control-Max-Age": text("How many seconds this applies"),
        },
      },
      default: UNNAMED,
    },
  } as ZodOpenApiOperationObject;
}
