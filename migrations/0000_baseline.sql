-- WITHOUT ROWID by hand: rows of these small keyed tables are written once, not once more for an index.
CREATE TABLE `alerts` (
	`name` text PRIMARY KEY NOT NULL,
	`detail` text NOT NULL,
	`count` integer NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `facts` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `bounce_days` (
	`domain` text NOT NULL,
	`day` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`domain`, `day`)
);
--> statement-breakpoint
CREATE INDEX `bounce_days_by_day` ON `bounce_days` (`day`);--> statement-breakpoint
CREATE TABLE `feedback_events` (
	`svix_id` text PRIMARY KEY NOT NULL,
	`delivery_id` integer NOT NULL,
	`subscriber_id` integer,
	`kind` text NOT NULL,
	`bounce_class` text,
	`reason` text NOT NULL,
	`provider_id` text NOT NULL,
	`domain` text NOT NULL,
	`at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`parked_at` integer
);
--> statement-breakpoint
CREATE INDEX `feedback_by_subscriber` ON `feedback_events` (`subscriber_id`);--> statement-breakpoint
CREATE INDEX `feedback_by_age` ON `feedback_events` (`received_at`);--> statement-breakpoint
CREATE INDEX `feedback_parked` ON `feedback_events` (`parked_at`) WHERE "feedback_events"."parked_at" is not null;--> statement-breakpoint
CREATE TABLE `attempts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`batch_id` integer NOT NULL,
	`number` integer NOT NULL,
	`frame` text NOT NULL,
	`members` text NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`outcome` text,
	`seal` text NOT NULL,
	FOREIGN KEY (`batch_id`) REFERENCES `batches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_by_batch` ON `attempts` (`batch_id`,`number`);--> statement-breakpoint
CREATE TABLE `batches` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`lane` text NOT NULL,
	`run_id` integer,
	`state` text DEFAULT 'planned' NOT NULL,
	`idempotency_key` text NOT NULL,
	`enqueued_at` integer NOT NULL,
	`token` text,
	`lease_until` integer,
	`retry_at` integer,
	`claims` integer DEFAULT 0 NOT NULL,
	`last_outcome` text,
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `batches_idempotency_key_unique` ON `batches` (`idempotency_key`);--> statement-breakpoint
CREATE INDEX `batches_open` ON `batches` (`enqueued_at`) WHERE "batches"."state" <> 'done';--> statement-breakpoint
CREATE INDEX `batches_by_run` ON `batches` (`run_id`) WHERE "batches"."run_id" is not null;--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`anchor` integer NOT NULL,
	`round` integer NOT NULL,
	`item` integer,
	`copy` integer DEFAULT 0 NOT NULL,
	`intended_item` integer NOT NULL,
	`recipient_id` integer NOT NULL,
	`rendition_id` integer NOT NULL,
	`run_id` integer,
	`batch_id` integer,
	`place` integer DEFAULT 0 NOT NULL,
	`slot_at` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`provider_id` text,
	`planned_at` integer NOT NULL,
	`settled_at` integer,
	`released_at` integer,
	`feedback` text,
	`feedback_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_once` ON `deliveries` (`kind`,`anchor`,`round`,`item`,`copy`);--> statement-breakpoint
CREATE INDEX `deliveries_by_batch` ON `deliveries` (`batch_id`) WHERE "deliveries"."batch_id" is not null;--> statement-breakpoint
CREATE INDEX `deliveries_passed_by_run` ON `deliveries` (`run_id`) WHERE "deliveries"."batch_id" is null and "deliveries"."run_id" is not null;--> statement-breakpoint
CREATE INDEX `deliveries_waiting` ON `deliveries` (`slot_at`) WHERE "deliveries"."batch_id" is null and "deliveries"."state" = 'planned';--> statement-breakpoint
CREATE INDEX `deliveries_unresolved` ON `deliveries` (`state`) WHERE "deliveries"."state" in ('held', 'uncertain');--> statement-breakpoint
CREATE TABLE `runs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`cause` text NOT NULL,
	`cause_id` integer NOT NULL,
	`at` integer NOT NULL,
	`started_at` integer NOT NULL,
	`planned` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	`bounced` integer DEFAULT 0 NOT NULL,
	`complained` integer DEFAULT 0 NOT NULL,
	`stopped_at` integer,
	`stop_reason` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `runs_once` ON `runs` (`cause`,`cause_id`);--> statement-breakpoint
CREATE INDEX `runs_by_time` ON `runs` (`at`);--> statement-breakpoint
CREATE TABLE `mailbox_clock` (
	`id` integer PRIMARY KEY NOT NULL,
	`skipped_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `mailbox_messages` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`idempotency_key` text NOT NULL,
	`place` integer NOT NULL,
	`recipient` text NOT NULL,
	`sender` text NOT NULL,
	`reply_to` text NOT NULL,
	`subject` text NOT NULL,
	`html` text NOT NULL,
	`text` text NOT NULL,
	`headers` text NOT NULL,
	`tags` text NOT NULL,
	`sent_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mailbox_messages_once` ON `mailbox_messages` (`idempotency_key`,`place`);--> statement-breakpoint
CREATE TABLE `form_keys` (
	`key` text PRIMARY KEY NOT NULL,
	`partner_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	`retires_at` integer,
	FOREIGN KEY (`partner_id`) REFERENCES `partners`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `form_keys_by_partner` ON `form_keys` (`partner_id`);--> statement-breakpoint
CREATE TABLE `partner_changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`partner_id` integer NOT NULL,
	`at` integer NOT NULL,
	`change` text NOT NULL,
	FOREIGN KEY (`partner_id`) REFERENCES `partners`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `partner_changes_by_partner` ON `partner_changes` (`partner_id`);--> statement-breakpoint
CREATE TABLE `partner_links` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`partner_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`partner_id`) REFERENCES `partners`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `partner_links_by_partner` ON `partner_links` (`partner_id`);--> statement-breakpoint
CREATE TABLE `partner_origins` (
	`partner_id` integer NOT NULL,
	`origin` text NOT NULL,
	PRIMARY KEY(`partner_id`, `origin`),
	FOREIGN KEY (`partner_id`) REFERENCES `partners`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `partner_origins_by_origin` ON `partner_origins` (`origin`);--> statement-breakpoint
CREATE TABLE `partners` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`sequence_slug` text NOT NULL,
	`time_zone` text NOT NULL,
	`return_urls` text NOT NULL,
	`limits` text NOT NULL,
	`daily_limit` integer,
	`frozen` integer NOT NULL,
	`wording_version` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `partners_slug_unique` ON `partners` (`slug`);--> statement-breakpoint
CREATE TABLE `enrollments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`subscriber_id` integer NOT NULL,
	`sequence_id` integer NOT NULL,
	`round` integer DEFAULT 1 NOT NULL,
	`state` text NOT NULL,
	`weekday` integer NOT NULL,
	`hour` integer NOT NULL,
	`time_zone` text NOT NULL,
	`next_due_at` integer,
	`enrolled_at` integer NOT NULL,
	`every_weeks` integer DEFAULT 1 NOT NULL,
	`not_before` integer,
	`pause_until` text,
	`resume_at` integer,
	`returned_at` integer,
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`sequence_id`) REFERENCES `sequences`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `enrollments_by_subscriber` ON `enrollments` (`subscriber_id`,`sequence_id`);--> statement-breakpoint
CREATE INDEX `enrollments_resuming` ON `enrollments` (`resume_at`) WHERE "enrollments"."resume_at" is not null;--> statement-breakpoint
CREATE INDEX `enrollments_due` ON `enrollments` (`next_due_at`,`id`) WHERE "enrollments"."next_due_at" is not null;--> statement-breakpoint
CREATE TABLE `notices` (
	`name` text PRIMARY KEY NOT NULL,
	`rendition_id` integer NOT NULL,
	FOREIGN KEY (`rendition_id`) REFERENCES `renditions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `renditions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`hash` text NOT NULL,
	`subject` text NOT NULL,
	`html` text NOT NULL,
	`text` text NOT NULL,
	`heading` text DEFAULT '' NOT NULL,
	`page` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `renditions_hash_unique` ON `renditions` (`hash`);--> statement-breakpoint
CREATE TABLE `sequences` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`slug` text NOT NULL,
	`title` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`confirmation_rendition_id` integer NOT NULL,
	`welcome_rendition_id` integer NOT NULL,
	`welcome_back_rendition_id` integer NOT NULL,
	`published_at` integer NOT NULL,
	FOREIGN KEY (`confirmation_rendition_id`) REFERENCES `renditions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`welcome_rendition_id`) REFERENCES `renditions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`welcome_back_rendition_id`) REFERENCES `renditions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sequences_slug_unique` ON `sequences` (`slug`);--> statement-breakpoint
CREATE TABLE `step_variants` (
	`step_id` integer NOT NULL,
	`age_band` text NOT NULL,
	`rendition_id` integer NOT NULL,
	PRIMARY KEY(`step_id`, `age_band`),
	FOREIGN KEY (`step_id`) REFERENCES `steps`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`rendition_id`) REFERENCES `renditions`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `steps` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`sequence_id` integer NOT NULL,
	`slug` text NOT NULL,
	`position` integer NOT NULL,
	`title` text NOT NULL,
	`subject` text NOT NULL,
	`preheader` text NOT NULL,
	`markdown` text NOT NULL,
	`status` text NOT NULL,
	`backfill` integer DEFAULT true NOT NULL,
	`rendition_id` integer NOT NULL,
	`archived_at` integer,
	`opening` text DEFAULT '' NOT NULL,
	`ornament` text,
	FOREIGN KEY (`sequence_id`) REFERENCES `sequences`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`rendition_id`) REFERENCES `renditions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `steps_by_slug` ON `steps` (`sequence_id`,`slug`);--> statement-breakpoint
CREATE TABLE `consents` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`subscriber_id` integer NOT NULL,
	`sequence_id` integer NOT NULL,
	`wording_version` text NOT NULL,
	`locale` text NOT NULL,
	`page` text NOT NULL,
	`first_name` text DEFAULT '' NOT NULL,
	`time_zone` text NOT NULL,
	`request_id` text NOT NULL,
	`requested_at` integer NOT NULL,
	`confirmed_at` integer,
	`confirmation_id` text,
	`partner_id` integer,
	`form_key` text,
	`origin` text NOT NULL,
	`folded_hash` text,
	`ip_hash` text,
	`disposable` integer DEFAULT false NOT NULL,
	`denied_at` integer,
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`sequence_id`) REFERENCES `sequences`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`wording_version`) REFERENCES `wordings`(`version`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`partner_id`) REFERENCES `partners`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `consents_request_id_unique` ON `consents` (`request_id`);--> statement-breakpoint
CREATE INDEX `consents_by_subscriber` ON `consents` (`subscriber_id`,`requested_at`);--> statement-breakpoint
CREATE INDEX `consents_by_folded` ON `consents` (`folded_hash`,`requested_at`) WHERE "consents"."folded_hash" is not null;--> statement-breakpoint
CREATE INDEX `consents_by_partner` ON `consents` (`partner_id`,`requested_at`) WHERE "consents"."partner_id" is not null;--> statement-breakpoint
CREATE INDEX `consents_unconfirmed` ON `consents` (`requested_at`) WHERE "consents"."confirmed_at" is null;--> statement-breakpoint
CREATE INDEX `consents_with_ip` ON `consents` (`requested_at`) WHERE "consents"."ip_hash" is not null;--> statement-breakpoint
CREATE TABLE `gate_counts` (
	`ends_at` integer NOT NULL,
	`bucket` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`ends_at`, `bucket`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `lapsed_sign_ups` (
	`day` integer NOT NULL,
	`partner_id` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`day`, `partner_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `refusals` (
	`day` integer NOT NULL,
	`partner_id` integer NOT NULL,
	`reason` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`day`, `partner_id`, `reason`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `wordings` (
	`version` text PRIMARY KEY NOT NULL,
	`text` text NOT NULL,
	`first_used_at` integer NOT NULL,
	`hash` text NOT NULL,
	`locale` text NOT NULL,
	`partner_id` integer,
	FOREIGN KEY (`partner_id`) REFERENCES `partners`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `erasures` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`subscriber_id` integer NOT NULL,
	`address_hash` text NOT NULL,
	`request_id` text NOT NULL,
	`asked_at` integer NOT NULL,
	`confirmed_at` integer,
	`erased_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `erasures_request_id_unique` ON `erasures` (`request_id`);--> statement-breakpoint
CREATE INDEX `erasures_by_subscriber` ON `erasures` (`subscriber_id`);--> statement-breakpoint
CREATE INDEX `erasures_open` ON `erasures` (`id`) WHERE "erasures"."confirmed_at" is not null and "erasures"."erased_at" is null;--> statement-breakpoint
CREATE TABLE `opt_outs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`address_hash` text NOT NULL,
	`kind` text NOT NULL,
	`sequence_id` integer,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	`journaled_at` integer,
	`said` text
);
--> statement-breakpoint
CREATE INDEX `opt_outs_by_hash` ON `opt_outs` (`address_hash`);--> statement-breakpoint
CREATE INDEX `opt_outs_unjournaled` ON `opt_outs` (`id`) WHERE "opt_outs"."journaled_at" is null;--> statement-breakpoint
CREATE TABLE `reader_changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`subscriber_id` integer NOT NULL,
	`enrollment_id` integer,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`seen` integer NOT NULL,
	`request` text NOT NULL,
	`was` text NOT NULL,
	`became` text NOT NULL,
	`token` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reader_changes_token_unique` ON `reader_changes` (`token`);--> statement-breakpoint
CREATE INDEX `reader_changes_by_subscriber` ON `reader_changes` (`subscriber_id`,`id`);--> statement-breakpoint
CREATE INDEX `reader_changes_by_age` ON `reader_changes` (`at`);--> statement-breakpoint
CREATE TABLE `subscribers` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`address` text NOT NULL,
	`address_key` text NOT NULL,
	`first_name` text DEFAULT '' NOT NULL,
	`state` text DEFAULT 'pending' NOT NULL,
	`created_at` integer NOT NULL,
	`confirmed_at` integer,
	`unsubscribed_at` integer,
	`address_hash` text NOT NULL,
	`first_consent_id` integer,
	`age_band` text,
	`revision` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `subscribers_address_key_unique` ON `subscribers` (`address_key`);--> statement-breakpoint
CREATE INDEX `subscribers_by_hash` ON `subscribers` (`address_hash`);--> statement-breakpoint
CREATE TABLE `suppressions` (
	`address_hash` text PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	`until` integer,
	`lifted_at` integer,
	`note` text
);
