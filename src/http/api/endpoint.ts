import type { Context } from "hono";
import type * as z from "zod";
import type { ActVerb } from "../../domain/acts/act.ts";
import type { AppEnv } from "../ui/app-env.ts";
import type { Problem, ProblemCode } from "../ui/problem.ts";
import type { Fault } from "./faults.ts";
import type { Precondition } from "./precondition.ts";

type Method = "get" | "post" | "put" | "delete";

/** One of the answers that an endpoint can give. Without a schema it has no body. */
export type Answer = {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Whether it carries an `ETag`, for the `If-Match` of a later change. */
  readonly etag?: true;
  /** Whether the same can be had as a page, with `Accept: text/html`. */
  readonly html?: true;
  /** Whether it's a CSV file. */
  readonly csv?: true;
};

type Answers = Readonly<Record<number, Answer>>;

/** What a `run` gives back: a status that the endpoint declares, with a body for its schema. */
type ReplyOf<A extends Answers> = {
  [Status in keyof A & number]: {
    readonly status: Status;
    readonly body: A[Status] extends { readonly schema: infer S extends z.ZodType }
      ? Frozen<z.input<S>>
      : undefined;
    readonly etag?: string;
  };
}[keyof A & number];

/** The same, to be read only. */
type Frozen<T> = unknown extends T
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Frozen<Item>[]
    : T extends object
      ? { readonly [Name in keyof T]: Frozen<T[Name]> }
      : T;

/** One of an endpoint's answers. With `etag`, the revision of what is answered. */
export function reply<const Status extends number, const Body>(status: Status, body: Body, etag?: string) {
  return { status, body, ...(etag === undefined ? {} : { etag }) };
}

/** What every endpoint is described by: docs/openapi.yaml is made from it. */
export type Description = {
  readonly method: Method;
  /** With parameters in braces, as OpenAPI writes them. */
  readonly path: `/${string}`;
  /** The operation's own name. */
  readonly name: string;
  readonly tag:
    | "Service"
    | "Sign-up"
    | "Site"
    | "Sequences"
    | "Broadcasts"
    | "Segments"
    | "Sending"
    | "People"
    | "Partners"
    | "Acts"
    | "Desk";
  readonly summary: string;
  readonly description?: string;
  /** Whether anyone may call it; otherwise it takes the owner's token. */
  readonly open?: true;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Whether it reads its body itself; and the body as a form, where it may come as one, too. */
  readonly readsItsBody?: true;
  readonly form?: z.ZodType;
  readonly bodyBytesMax?: number;
  readonly answers: Answers;
  /** Problems of its own, by code, with what they mean here. Those of all endpoints are described once. */
  readonly problems?: Readonly<Partial<Record<ProblemCode, string>>>;
  /** What single faults look like, where they are more than a field and a message. */
  readonly faults?: z.ZodType;
  /** A fault of the body with what this endpoint says of faults besides. */
  readonly explain?: (fault: Fault, body: unknown) => Fault;
  /** Further headers of the answer to OPTIONS, for pages of other origins. */
  readonly preflight?: (c: Context<AppEnv>) => Promise<Readonly<Record<string, string>>>;
  /** The act that a change leaves. Null for what no owner does: a read by POST, a sign-up, a report. GET has none. */
  readonly act?: ActVerb | null;
  /** Whether a change needs `If-Match`: two people can edit what it changes. */
  readonly ifMatch?: true;
  /** Whether it works in a restored database that wasn't re-armed. Reads always do. */
  readonly whileDisarmed?: true;
  /** Whether it works while the database is away. */
  readonly withoutDatabase?: true;
};

/** What a request brought, parsed. */
export type Input<P, Q, B> = {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly expects: Precondition;
};

/** An answer that an endpoint made itself: a page, or one with headers of its own. */
export type Whole = { readonly response: Response };

type Run = (c: Context<AppEnv>, input: Input<never, never, never>) => Promise<Reply | Problem | Whole>;

type Reply = { readonly status: number; readonly body: unknown; readonly etag?: string };

export type Endpoint = Description & {
  readonly run: Run;
  /** Names fields of the answer that are secrets. They aren't kept for a repeated request; `reveal` makes them again. */
  readonly secrets?: {
    readonly fields: readonly string[];
    readonly reveal: (c: Context<AppEnv>, kept: Readonly<Record<string, unknown>>) => Promise<object>;
  };
};

/**
 * An endpoint of the API: how it's described, and what it does with a request that was parsed by its own schemas. `run` gives one
 * of the answers, which goes out through its schema, or a problem.
 */
export function endpoint<
  const A extends Answers,
  P extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Q extends z.ZodObject = z.ZodObject<Record<never, never>>,
  B extends z.ZodType = z.ZodUndefined,
>(
  described: Omit<Endpoint, "run" | "params" | "query" | "body" | "answers"> & {
    readonly params?: P;
    readonly query?: Q;
    readonly body?: B;
    readonly answers: A;
    readonly run: (
      c: Context<AppEnv>,
      input: Input<z.output<P>, z.output<Q>, z.output<B>>,
    ) => Promise<ReplyOf<A> | Problem | Whole>;
  },
): Endpoint {
  return described as unknown as Endpoint;
}

/** A problem: nothing of that name is there. */
export function unknown(what: string): Problem {
  return { code: "not_found", detail: `There's no such ${what}.` };
}

/** A problem: one field of the request is wrong. */
export function faultyField(field: string, message: string): Problem {
  return { code: "faulty", detail: FIX_THE_FIELDS, faults: [{ field, message }] };
}

/** The detail of a problem with faults. */
export const FIX_THE_FIELDS = "Nothing was changed. Fix the fields named below and send it again.";
