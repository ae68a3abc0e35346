-- reader_tags is WITHOUT ROWID by hand: a row is nothing but its key.
CREATE TABLE `import_lines` (
	`job_id` integer NOT NULL,
	`part` integer NOT NULL,
	`lines` text NOT NULL,
	`faults` text,
	PRIMARY KEY(`job_id`, `part`)
);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`params` text NOT NULL,
	`cursor` integer DEFAULT 0 NOT NULL,
	`total` integer,
	`counts` text DEFAULT '{}' NOT NULL,
	`revision` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	`waits_until` integer
);
--> statement-breakpoint
CREATE INDEX `jobs_open` ON `jobs` (`id`) WHERE "jobs"."state" in ('checking', 'running');--> statement-breakpoint
CREATE INDEX `jobs_by_kind` ON `jobs` (`kind`,`id`);--> statement-breakpoint
CREATE TABLE `reader_tags` (
	`tag_id` integer NOT NULL,
	`subscriber_id` integer NOT NULL,
	`job_id` integer,
	`at` integer NOT NULL,
	PRIMARY KEY(`tag_id`, `subscriber_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `reader_tags_by_subscriber` ON `reader_tags` (`subscriber_id`,`tag_id`);--> statement-breakpoint
CREATE TABLE `tags` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tags_name_unique` ON `tags` (`name`);--> statement-breakpoint
ALTER TABLE `partners` ADD `tag` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `reader_changes` ADD `made_by` text DEFAULT 'reader' NOT NULL;