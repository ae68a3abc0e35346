import { type Column, type SQL, sql } from "drizzle-orm";
import { systemMails } from "../../../platform/db/schema/index.ts";

type Name = (typeof systemMails.name.enumValues)[number];

/**
 * The rendition of a mail in our own words in a language, as an expression; in English or any other where it was never published in
 * that one, and null where it never was. `sequence` is the id of its sequence; null for mail that belongs to none.
 */
export function systemMail(name: Name, sequence: Column | SQL | null, language: Column | SQL): SQL<number> {
  return sql<number>`(select ${systemMails.renditionId} from ${systemMails}
    where ${systemMails.sequenceId} = ${sequence ?? 0} and ${systemMails.name} = ${name}
    order by ${systemMails.language} = ${language} desc, ${systemMails.language} = 'en' desc limit 1)`;
}
