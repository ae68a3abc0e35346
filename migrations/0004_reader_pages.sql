-- WITHOUT ROWID by hand, as in 0003.
CREATE TABLE `notices` (
	`name` text PRIMARY KEY NOT NULL,
	`rendition_id` integer NOT NULL,
	FOREIGN KEY (`rendition_id`) REFERENCES `renditions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `step_variants` (
	`step_id` integer NOT NULL,
	`age_band` text NOT NULL,
	`rendition_id` integer NOT NULL,
	PRIMARY KEY(`step_id`, `age_band`),
	FOREIGN KEY (`step_id`) REFERENCES `steps`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`rendition_id`) REFERENCES `renditions`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `lapsed_sign_ups` (
	`day` integer NOT NULL,
	`partner_id` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`day`, `partner_id`)
) WITHOUT ROWID;
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
CREATE INDEX `erasures_open` ON `erasures` (`id`) WHERE confirmed_at is not null and erased_at is null;--> statement-breakpoint
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
ALTER TABLE `enrollments` ADD `every_weeks` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `enrollments` ADD `not_before` integer;--> statement-breakpoint
ALTER TABLE `enrollments` ADD `pause_until` text;--> statement-breakpoint
ALTER TABLE `enrollments` ADD `resume_at` integer;--> statement-breakpoint
ALTER TABLE `enrollments` ADD `returned_at` integer;--> statement-breakpoint
CREATE INDEX `enrollments_resuming` ON `enrollments` (`resume_at`) WHERE resume_at is not null;--> statement-breakpoint
ALTER TABLE `renditions` ADD `heading` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `renditions` ADD `page` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `steps` ADD `opening` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `consents` ADD `denied_at` integer;--> statement-breakpoint
CREATE INDEX `consents_unconfirmed` ON `consents` (`requested_at`) WHERE confirmed_at is null;--> statement-breakpoint
ALTER TABLE `opt_outs` ADD `said` text;--> statement-breakpoint
ALTER TABLE `subscribers` ADD `age_band` text;--> statement-breakpoint
ALTER TABLE `subscribers` ADD `revision` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `bounce_days_by_day` ON `bounce_days` (`day`);--> statement-breakpoint
CREATE INDEX `feedback_by_age` ON `feedback_events` (`received_at`);