CREATE TABLE `pictures` (
	`name` text PRIMARY KEY NOT NULL,
	`base64` text NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `partners` ADD `translations` text DEFAULT '[]' NOT NULL;