import arMails from "./ar/mails.json" with { type: "json" };
import arPages from "./ar/pages.json" with { type: "json" };
import arReader from "./ar/reader.json" with { type: "json" };
import deMails from "./de/mails.json" with { type: "json" };
import dePages from "./de/pages.json" with { type: "json" };
import deReader from "./de/reader.json" with { type: "json" };
import enDesk from "./en/desk.json" with { type: "json" };
import enMails from "./en/mails.json" with { type: "json" };
import enOwner from "./en/owner.json" with { type: "json" };
import enPages from "./en/pages.json" with { type: "json" };
import enReader from "./en/reader.json" with { type: "json" };
import esMails from "./es/mails.json" with { type: "json" };
import esPages from "./es/pages.json" with { type: "json" };
import esReader from "./es/reader.json" with { type: "json" };
import frMails from "./fr/mails.json" with { type: "json" };
import frPages from "./fr/pages.json" with { type: "json" };
import frReader from "./fr/reader.json" with { type: "json" };
import type { Language } from "./languages.ts";
import ptMails from "./pt/mails.json" with { type: "json" };
import ptPages from "./pt/pages.json" with { type: "json" };
import ptReader from "./pt/reader.json" with { type: "json" };

/**
 * The English catalogue: every text of our pages and mails is here, in ICU MessageFormat, and nowhere else. What people at the
 * desk, the owner and partners alone meet (desk.json, owner.json) is in English only.
 */
export const ENGLISH = { ...enPages, ...enReader, ...enMails, ...enOwner, ...enDesk };

/** What there is of each language. A language is added by its folder and a line here. */
export const CATALOGUES: Readonly<Record<Language, Partial<Readonly<Record<keyof typeof ENGLISH, string>>>>> =
  {
    en: ENGLISH,
    de: { ...dePages, ...deReader, ...deMails },
    fr: { ...frPages, ...frReader, ...frMails },
    es: { ...esPages, ...esReader, ...esMails },
    pt: { ...ptPages, ...ptReader, ...ptMails },
    ar: { ...arPages, ...arReader, ...arMails },
  };
