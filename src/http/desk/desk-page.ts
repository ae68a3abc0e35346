import type { Context } from "hono";
import type { DeskAct, DeskPerson } from "../../domain/desk/may.ts";
import type { AppEnv, AtDesk } from "../ui/app-env.ts";

type Ctx = Context<AppEnv>;

/** The fields of a form of the desk. */
export type Fields = Readonly<Record<string, string>>;

/** Someone at the desk, by name. */
export type Here = AtDesk & { readonly person: DeskPerson };

/** A page of the desk, or what one of its forms does: who may, and how. There's no page without an act that's asked for. */
export type DeskPage = {
  readonly method: "get" | "post";
  readonly path: `/desk${string}`;
  /** How large what it's sent may be, where that's more than a form. */
  readonly bodyBytesMax?: number;
  readonly run: (c: Ctx, here: Here, fields: Fields) => Response | Promise<Response>;
} & (
  | {
      readonly needs: DeskAct;
      /** A change that's made in a restored database, too. */
      readonly whileDisarmed?: true;
    }
  /** Before anyone is known: the door itself. */
  | { readonly needs: "nothing" }
  /** Also while the database is away: then nobody is known by name, and `here.person` is a viewer without one. */
  | { readonly needs: DeskAct; readonly withoutDatabase: true }
);

/** Why someone isn't let in, or not here. */
export type Refusal = "nobody" | "stranger" | "may_not" | "prove" | "foreign" | "disarmed";
