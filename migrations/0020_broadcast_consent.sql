CREATE TABLE `__new_consents` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`subscriber_id` integer NOT NULL,
	`sequence_id` integer,
	`wording_version` text NOT NULL,
	`locale` text NOT NULL,
	`language` text DEFAULT 'en' NOT NULL,
	`page` text NOT NULL,
	`first_name` text DEFAULT '' NOT NULL,
	`answer` text DEFAULT '' NOT NULL,
	`time_zone` text NOT NULL,
	`request_id` text NOT NULL,
	`requested_at` integer NOT NULL,
	`confirmed_at` integer,
	`confirmation_id` text,
	`partner_id` integer,
	`form_key` text,
	`origin` text NOT NULL,
	`folded_hash` text,
	`ip_hash` text,
	`disposable` integer DEFAULT false NOT NULL,
	`renewal` integer DEFAULT false NOT NULL,
	`denied_at` integer,
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`sequence_id`) REFERENCES `sequences`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`wording_version`) REFERENCES `wordings`(`version`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`partner_id`) REFERENCES `partners`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_consents`("id", "subscriber_id", "sequence_id", "wording_version", "locale", "language", "page", "first_name", "answer", "time_zone", "request_id", "requested_at", "confirmed_at", "confirmation_id", "partner_id", "form_key", "origin", "folded_hash", "ip_hash", "disposable", "renewal", "denied_at") SELECT "id", "subscriber_id", "sequence_id", "wording_version", "locale", "language", "page", "first_name", "answer", "time_zone", "request_id", "requested_at", "confirmed_at", "confirmation_id", "partner_id", "form_key", "origin", "folded_hash", "ip_hash", "disposable", "renewal", "denied_at" FROM `consents`;--> statement-breakpoint
INSERT INTO sqlite_sequence (name, seq) SELECT '__new_consents', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '__new_consents');--> statement-breakpoint
UPDATE sqlite_sequence SET seq = coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'consents'), 0) WHERE name = '__new_consents';--> statement-breakpoint
DROP TABLE `consents`;--> statement-breakpoint
ALTER TABLE `__new_consents` RENAME TO `consents`;--> statement-breakpoint
CREATE UNIQUE INDEX `consents_request_id_unique` ON `consents` (`request_id`);--> statement-breakpoint
CREATE INDEX `consents_by_subscriber` ON `consents` (`subscriber_id`,`requested_at`);--> statement-breakpoint
CREATE INDEX `consents_by_folded` ON `consents` (`folded_hash`,`requested_at`) WHERE "consents"."folded_hash" is not null;--> statement-breakpoint
CREATE INDEX `consents_by_partner` ON `consents` (`partner_id`,`requested_at`) WHERE "consents"."partner_id" is not null;--> statement-breakpoint
CREATE INDEX `consents_unconfirmed` ON `consents` (`requested_at`) WHERE "consents"."confirmed_at" is null;--> statement-breakpoint
CREATE INDEX `consents_with_ip` ON `consents` (`requested_at`) WHERE "consents"."ip_hash" is not null;--> statement-breakpoint
ALTER TABLE `subscribers` ADD `broadcasts` integer DEFAULT false NOT NULL;