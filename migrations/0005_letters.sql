ALTER TABLE `sequences` ADD `welcome_back_rendition_id` integer REFERENCES renditions(id);--> statement-breakpoint
ALTER TABLE `steps` ADD `ornament` text;