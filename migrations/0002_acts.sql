CREATE TABLE `acts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`verb` text NOT NULL,
	`object` text NOT NULL,
	`changed` text NOT NULL,
	`request_id` text NOT NULL,
	`stage` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `acts_once` ON `acts` (`request_id`,`verb`,`object`,`stage`);--> statement-breakpoint
CREATE INDEX `acts_by_object` ON `acts` (`object`,`id`);--> statement-breakpoint
CREATE TABLE `kept_answers` (
	`key_hash` text PRIMARY KEY NOT NULL,
	`request_hash` text NOT NULL,
	`request_id` text NOT NULL,
	`at` integer NOT NULL,
	`status` integer,
	`etag` text,
	`body` text
);
--> statement-breakpoint
CREATE INDEX `kept_answers_by_age` ON `kept_answers` (`at`);--> statement-breakpoint
ALTER TABLE `partners` ADD `revision` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `sequences` ADD `welcome` text;--> statement-breakpoint
ALTER TABLE `sequences` ADD `archived_at` integer;