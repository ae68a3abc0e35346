CREATE TABLE `drafts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`sequence_slug` text NOT NULL,
	`letter_slug` text NOT NULL,
	`kind` text NOT NULL,
	`content` text,
	`at` integer NOT NULL,
	`actor` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `drafts_by_letter` ON `drafts` (`sequence_slug`,`kind`,`letter_slug`,`id`);--> statement-breakpoint
CREATE INDEX `drafts_by_kind` ON `drafts` (`sequence_slug`,`kind`,`id`);