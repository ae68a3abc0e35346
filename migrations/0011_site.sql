CREATE TABLE `system_mails` (
	`sequence_id` integer NOT NULL,
	`name` text NOT NULL,
	`language` text NOT NULL,
	`rendition_id` integer NOT NULL,
	PRIMARY KEY(`sequence_id`, `name`, `language`),
	FOREIGN KEY (`rendition_id`) REFERENCES `renditions`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `site` (
	`id` integer PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`published_at` integer NOT NULL,
	`origin` text NOT NULL,
	`content` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `next_renditions` (
	`sequence_id` integer NOT NULL,
	`step_id` integer NOT NULL,
	`part` text NOT NULL,
	`rendition_id` integer NOT NULL,
	PRIMARY KEY(`sequence_id`, `step_id`, `part`),
	FOREIGN KEY (`rendition_id`) REFERENCES `renditions`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `system_mails` SELECT 0, `name`, 'en', `rendition_id` FROM `notices`;
--> statement-breakpoint
INSERT INTO `system_mails` SELECT `id`, 'confirmation', 'en', `confirmation_rendition_id` FROM `sequences`;
--> statement-breakpoint
INSERT INTO `system_mails` SELECT `id`, 'welcome_back', 'en', `welcome_back_rendition_id` FROM `sequences`;
--> statement-breakpoint
DROP TABLE `notices`;
--> statement-breakpoint
PRAGMA defer_foreign_keys=ON;
--> statement-breakpoint
CREATE TABLE `old_sequences` AS SELECT * FROM `sequences`;
--> statement-breakpoint
DROP TABLE `sequences`;
--> statement-breakpoint
CREATE TABLE `sequences` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`slug` text NOT NULL,
	`title` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`language` text DEFAULT 'en' NOT NULL,
	`settings` text DEFAULT '{"tagline":"","description":"","slot":null,"everyWeeks":1,"firstLetter":"in_slot","senderName":null,"replyTo":null,"question":null,"next":null}' NOT NULL,
	`origin` text DEFAULT 'files' NOT NULL,
	`welcome_rendition_id` integer NOT NULL,
	`published_at` integer NOT NULL,
	`welcome` text,
	`archived_at` integer,
	FOREIGN KEY (`welcome_rendition_id`) REFERENCES `renditions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `sequences` (`id`, `slug`, `title`, `version`, `welcome_rendition_id`, `published_at`, `welcome`, `archived_at`)
SELECT `id`, `slug`, `title`, `version`, `welcome_rendition_id`, `published_at`, `welcome`, `archived_at` FROM `old_sequences`;
--> statement-breakpoint
DROP TABLE `old_sequences`;
--> statement-breakpoint
CREATE UNIQUE INDEX `sequences_slug_unique` ON `sequences` (`slug`);
--> statement-breakpoint
ALTER TABLE `step_variants` RENAME COLUMN `age_band` TO `choice`;
--> statement-breakpoint
ALTER TABLE `enrollments` ADD `answer` text DEFAULT '' NOT NULL;
--> statement-breakpoint
UPDATE `enrollments` SET `answer` = coalesce((SELECT `age_band` FROM `subscribers` WHERE `subscribers`.`id` = `enrollments`.`subscriber_id`), '');
--> statement-breakpoint
ALTER TABLE `renditions` ADD `language` text DEFAULT 'en' NOT NULL;
--> statement-breakpoint
ALTER TABLE `renditions` ADD `from_name` text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE `renditions` ADD `reply_to` text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE `consents` ADD `language` text DEFAULT 'en' NOT NULL;
--> statement-breakpoint
ALTER TABLE `consents` ADD `answer` text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE `wordings` ADD `covers` text DEFAULT '["sequence"]' NOT NULL;
--> statement-breakpoint
ALTER TABLE `subscribers` ADD `language` text DEFAULT 'en' NOT NULL;
--> statement-breakpoint
ALTER TABLE `subscribers` DROP COLUMN `age_band`;
