-- WITHOUT ROWID by hand: rows of these small keyed tables are written once, not once more for an index.
CREATE TABLE `form_keys` (
	`key` text PRIMARY KEY NOT NULL,
	`partner_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	`retires_at` integer,
	FOREIGN KEY (`partner_id`) REFERENCES `partners`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `form_keys_by_partner` ON `form_keys` (`partner_id`);--> statement-breakpoint
CREATE TABLE `partner_changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`partner_id` integer NOT NULL,
	`at` integer NOT NULL,
	`change` text NOT NULL,
	FOREIGN KEY (`partner_id`) REFERENCES `partners`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `partner_changes_by_partner` ON `partner_changes` (`partner_id`);--> statement-breakpoint
CREATE TABLE `partner_links` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`partner_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`partner_id`) REFERENCES `partners`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `partner_links_by_partner` ON `partner_links` (`partner_id`);--> statement-breakpoint
CREATE TABLE `partner_origins` (
	`partner_id` integer NOT NULL,
	`origin` text NOT NULL,
	PRIMARY KEY(`partner_id`, `origin`),
	FOREIGN KEY (`partner_id`) REFERENCES `partners`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `partner_origins_by_origin` ON `partner_origins` (`origin`);--> statement-breakpoint
CREATE TABLE `partners` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`sequence_slug` text NOT NULL,
	`time_zone` text NOT NULL,
	`return_urls` text NOT NULL,
	`limits` text NOT NULL,
	`daily_limit` integer,
	`frozen` integer NOT NULL,
	`wording_version` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `partners_slug_unique` ON `partners` (`slug`);--> statement-breakpoint
CREATE TABLE `gate_counts` (
	`ends_at` integer NOT NULL,
	`bucket` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`ends_at`, `bucket`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `refusals` (
	`day` integer NOT NULL,
	`partner_id` integer NOT NULL,
	`reason` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`day`, `partner_id`, `reason`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `consents` ADD `partner_id` integer REFERENCES partners(id);--> statement-breakpoint
ALTER TABLE `consents` ADD `form_key` text;--> statement-breakpoint
ALTER TABLE `consents` ADD `origin` text;--> statement-breakpoint
ALTER TABLE `consents` ADD `folded_hash` text;--> statement-breakpoint
ALTER TABLE `consents` ADD `ip_hash` text;--> statement-breakpoint
ALTER TABLE `consents` ADD `disposable` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `consents_by_folded` ON `consents` (`folded_hash`,`requested_at`) WHERE folded_hash is not null;--> statement-breakpoint
CREATE INDEX `consents_by_partner` ON `consents` (`partner_id`,`requested_at`) WHERE partner_id is not null;--> statement-breakpoint
CREATE INDEX `consents_with_ip` ON `consents` (`requested_at`) WHERE ip_hash is not null;--> statement-breakpoint
ALTER TABLE `wordings` ADD `hash` text;--> statement-breakpoint
ALTER TABLE `wordings` ADD `locale` text;--> statement-breakpoint
ALTER TABLE `wordings` ADD `partner_id` integer REFERENCES partners(id);--> statement-breakpoint
ALTER TABLE `subscribers` ADD `first_consent_id` integer;--> statement-breakpoint
UPDATE subscribers SET first_consent_id = (SELECT c.id FROM consents c WHERE c.subscriber_id = subscribers.id AND c.confirmed_at IS NOT NULL ORDER BY c.confirmed_at, c.id LIMIT 1);
