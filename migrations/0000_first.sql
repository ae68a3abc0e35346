CREATE TABLE `attempts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`batch_id` integer NOT NULL,
	`number` integer NOT NULL,
	`frame` text NOT NULL,
	`members` text NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`outcome` text,
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
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `batches_idempotency_key_unique` ON `batches` (`idempotency_key`);--> statement-breakpoint
CREATE INDEX `batches_open` ON `batches` (`enqueued_at`) WHERE state <> 'done';--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`owner` integer NOT NULL,
	`round` integer NOT NULL,
	`item` integer,
	`intended_item` integer NOT NULL,
	`subscriber_id` integer NOT NULL,
	`rendition_id` integer NOT NULL,
	`run_id` integer,
	`batch_id` integer,
	`place` integer DEFAULT 0 NOT NULL,
	`slot_at` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`provider_id` text,
	`planned_at` integer NOT NULL,
	`settled_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_once` ON `deliveries` (`kind`,`owner`,`round`,`item`);--> statement-breakpoint
CREATE INDEX `deliveries_by_batch` ON `deliveries` (`batch_id`) WHERE batch_id is not null;--> statement-breakpoint
CREATE TABLE `runs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`tick_at` integer NOT NULL,
	`started_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `runs_tick_at_unique` ON `runs` (`tick_at`);--> statement-breakpoint
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
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`sequence_id`) REFERENCES `sequences`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `enrollments_by_subscriber` ON `enrollments` (`subscriber_id`,`sequence_id`);--> statement-breakpoint
CREATE INDEX `enrollments_due` ON `enrollments` (`next_due_at`,`id`) WHERE next_due_at is not null;--> statement-breakpoint
CREATE TABLE `renditions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`hash` text NOT NULL,
	`subject` text NOT NULL,
	`html` text NOT NULL,
	`text` text NOT NULL,
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
	`published_at` integer NOT NULL,
	FOREIGN KEY (`confirmation_rendition_id`) REFERENCES `renditions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`welcome_rendition_id`) REFERENCES `renditions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sequences_slug_unique` ON `sequences` (`slug`);--> statement-breakpoint
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
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`sequence_id`) REFERENCES `sequences`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`wording_version`) REFERENCES `wordings`(`version`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `consents_request_id_unique` ON `consents` (`request_id`);--> statement-breakpoint
CREATE INDEX `consents_by_subscriber` ON `consents` (`subscriber_id`,`requested_at`);--> statement-breakpoint
CREATE TABLE `wordings` (
	`version` text PRIMARY KEY NOT NULL,
	`text` text NOT NULL,
	`first_used_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `subscribers` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`address` text NOT NULL,
	`address_key` text NOT NULL,
	`first_name` text DEFAULT '' NOT NULL,
	`state` text DEFAULT 'pending' NOT NULL,
	`created_at` integer NOT NULL,
	`confirmed_at` integer,
	`unsubscribed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `subscribers_address_key_unique` ON `subscribers` (`address_key`);