import type { Doer } from "../../domain/acts/act.ts";
import type { DeskPerson } from "../../domain/desk/may.ts";
import type { Kinds } from "../../domain/ledger/kind.ts";
import type { Services } from "../../domain/services.ts";
import type { Site } from "../../domain/site/site.ts";
import type { Config, Env } from "../../platform/config.ts";
import type { Db } from "../../platform/db/client.ts";
import type { GuardPort } from "../../platform/guard/guard-port.ts";
import type { Language } from "../../platform/texts/languages.ts";

/** What a page is written by: its language, the time it's read at (the product's, epoch ms), and the site. */
export type Shown = { readonly language: Language; readonly now: number; readonly site: Site };

/**
 * Who is at the desk, and what a form shown to them carries. `fresh`: whether they proved a moment ago who they are. While the database is away,
 * `person` is null: then all that's known is that we, or Access, let them in before.
 */
export type AtDesk = {
  readonly person: DeskPerson | null;
  readonly sessionHash: string | null;
  readonly fresh: boolean;
  readonly formToken: string;
};

/**
 * What each request carries. `now` is the time of the product (epoch ms; with the mailbox it may run ahead of real
 * time) and the same at every call within a request; `wallNow` is real time. `random` is 128 random bits as hex,
 * `wait` waits in real time.
 */
export type AppEnv = {
  Bindings: Env;
  Variables: {
    config: Config;
    db: Db;
    guard: GuardPort;
    /** What each kind of delivery means. */
    kinds: Kinds;
    now: () => Promise<number>;
    /** The site as it's published, read once a request; one without a name of its own where that can't be read. */
    site: () => Promise<Site>;
    wallNow: () => number;
    random: () => string;
    wait: (ms: number) => Promise<void>;
    /** What the verbs work with, at `now` or at another instant of the product's time. */
    services: (at?: number) => Promise<Services>;
    /** Names this request: in its answer, in the log, and in what it did. */
    requestId: string;
    /** On whose word this request does something. */
    by: Doer;
    /** Whose page this request shows, by address; null where it's nobody's. */
    person?: string | null;
    /** Who is at the desk, on its pages. */
    atDesk?: AtDesk;
    /** Of the person or form that this request is about. */
    language?: Language;
    /** Set while a page renders. */
    shown?: Shown;
    /** Headers of this one answer, with the last word over those of all pages. */
    ownHeaders?: Readonly<Record<string, string>>;
  };
};
