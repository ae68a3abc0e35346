CREATE TABLE `alerts` (
	`name` text PRIMARY KEY NOT NULL,
	`detail` text NOT NULL,
	`count` integer NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `facts` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `bounce_days` (
	`domain` text NOT NULL,
	`day` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`domain`, `day`)
);
--> statement-breakpoint
CREATE TABLE `feedback_events` (
	`svix_id` text PRIMARY KEY NOT NULL,
	`delivery_id` integer NOT NULL,
	`subscriber_id` integer,
	`kind` text NOT NULL,
	`reason` text NOT NULL,
	`provider_id` text NOT NULL,
	`domain` text NOT NULL,
	`at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`parked_at` integer
);
--> statement-breakpoint
CREATE INDEX `feedback_by_subscriber` ON `feedback_events` (`subscriber_id`);--> statement-breakpoint
CREATE INDEX `feedback_parked` ON `feedback_events` (`parked_at`) WHERE parked_at is not null;--> statement-breakpoint
CREATE TABLE `opt_outs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`address_hash` text NOT NULL,
	`kind` text NOT NULL,
	`sequence_id` integer,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	`journaled_at` integer
);
--> statement-breakpoint
CREATE INDEX `opt_outs_by_hash` ON `opt_outs` (`address_hash`);--> statement-breakpoint
CREATE INDEX `opt_outs_unjournaled` ON `opt_outs` (`id`) WHERE journaled_at is null;--> statement-breakpoint
CREATE TABLE `suppressions` (
	`address_hash` text PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	`until` integer,
	`lifted_at` integer,
	`note` text
);
--> statement-breakpoint
ALTER TABLE `batches` ADD `last_outcome` text;--> statement-breakpoint
CREATE INDEX `batches_by_run` ON `batches` (`run_id`) WHERE run_id is not null;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `released_at` integer;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `feedback` text;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `feedback_at` integer;--> statement-breakpoint
CREATE INDEX `deliveries_passed_by_run` ON `deliveries` (`run_id`) WHERE batch_id is null;--> statement-breakpoint
CREATE INDEX `deliveries_unresolved` ON `deliveries` (`state`) WHERE state in ('held', 'uncertain');--> statement-breakpoint
ALTER TABLE `runs` ADD `planned` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `failed` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `bounced` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `complained` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `stopped_at` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `stop_reason` text;--> statement-breakpoint
ALTER TABLE `subscribers` ADD `address_hash` text;--> statement-breakpoint
CREATE INDEX `subscribers_by_hash` ON `subscribers` (`address_hash`);--> statement-breakpoint
CREATE INDEX `subscribers_unhashed` ON `subscribers` (`id`) WHERE address_hash is null;