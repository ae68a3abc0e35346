CREATE TABLE `broadcasts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`state` text DEFAULT 'draft' NOT NULL,
	`revision` integer DEFAULT 0 NOT NULL,
	`language` text NOT NULL,
	`from_name` text DEFAULT '' NOT NULL,
	`audience` text,
	`time` text,
	`on_theme_days` text DEFAULT 'move' NOT NULL,
	`hold_minutes` integer DEFAULT 10 NOT NULL,
	`locks_at` integer,
	`subject` text DEFAULT '' NOT NULL,
	`rendition_id` integer,
	`run_id` integer,
	`locked_at` integer,
	`cursor` integer DEFAULT 0 NOT NULL,
	`id_mark` integer DEFAULT 0 NOT NULL,
	`joined_after` integer DEFAULT 0 NOT NULL,
	`step` text DEFAULT '' NOT NULL,
	`reason` text,
	`ended_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `broadcasts_open` ON `broadcasts` (`locks_at`) WHERE "broadcasts"."state" in ('scheduled', 'sending') or "broadcasts"."state" = 'stopped' and "broadcasts"."ended_at" is null;