ALTER TABLE `pictures` ADD `checked_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `pictures_to_check` ON `pictures` (`checked_at`) WHERE "pictures"."base64" = '';