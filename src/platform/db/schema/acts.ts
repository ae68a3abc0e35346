import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** What can be done: an act's verb. A new change gets its name here. */
export const ACT_VERBS = [
  "publish_site",
  "add_picture",
  "publish_sequence",
  "test_letter",
  "archive_sequence",
  "unarchive_sequence",
  "resume_readers",
  "stop_run",
  "resume_run",
  "release_letters",
  "reconcile_letters",
  "free_letters",
  "give_up_letters",
  "send_letters_again",
  "stop_sending",
  "resume_sending",
  "disarm",
  "re_arm",
  "clear_alert",
  "recount",
  "suppress",
  "lift_suppression",
  "erase_subscriber",
  "change_reader",
  "unsubscribe_reader",
  "tag_readers",
  "undo_tagging",
  "export_readers",
  "export_suppressions",
  "begin_import",
  "run_import",
  "stop_job",
  "count_readers",
  "count_audience",
  "count_run",
  "save_partner",
  "rotate_form_key",
  "make_partner_link",
  "revoke_partner_link",
  "set_up_webhook",
  "save_segment",
  "change_segment",
  "archive_segment",
  "bring_back_segment",
  "begin_broadcast",
  "change_broadcast",
  "discard_broadcast",
  "schedule_broadcast",
  "take_back_broadcast",
  "lock_broadcast",
  "hold_broadcast",
  "stop_broadcast",
  "send_to_rest",
  "send_to_joined",
  "add_to_desk",
  "remove_from_desk",
  "make_desk_link",
  "sign_in",
  "end_sessions",
] as const;

/**
 * What owners, and the service itself, did: who, when, what it changed. `object` names what was changed by its kind and its own
 * name (`partner:garden`), `changed` holds the fields as `keptFields` keeps them. A change inside D1 is one `settled` row, written
 * in its transaction. One that lies outside is an `intent` row before and a `settled` row after, under one request.
 */
export const acts = sqliteTable(
  "acts",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    at: integer("at").notNull(),
    actor: text("actor").notNull(),
    verb: text("verb", { enum: ACT_VERBS }).notNull(),
    object: text("object").notNull(),
    changed: text("changed", { mode: "json" }).$type<Readonly<Record<string, unknown>>>().notNull(),
    requestId: text("request_id").notNull(),
    stage: text("stage", { enum: ["intent", "settled"] }).notNull(),
  },
  (table) => [
    uniqueIndex("acts_once").on(table.requestId, table.verb, table.object, table.stage),
    index("acts_by_object").on(table.object, table.id),
  ],
);

/**
 * Answers kept for a day, so that a request repeated under the same `Idempotency-Key` is answered and not done again. The key is
 * kept as a hash. Without `status` the first request hasn't been answered: it's under way, or was cut short.
 */
export const keptAnswers = sqliteTable(
  "kept_answers",
  {
    keyHash: text("key_hash").primaryKey(),
    requestHash: text("request_hash").notNull(),
    requestId: text("request_id").notNull(),
    at: integer("at").notNull(),
    status: integer("status"),
    etag: text("etag"),
    body: text("body", { mode: "json" }).$type<unknown>(),
  },
  (table) => [index("kept_answers_by_age").on(table.at)],
);
