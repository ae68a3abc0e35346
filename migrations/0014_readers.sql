CREATE TABLE `desk_looks` (
	`person_id` integer NOT NULL,
	`subscriber_id` integer NOT NULL,
	`hour` integer NOT NULL,
	PRIMARY KEY(`person_id`, `subscriber_id`, `hour`)
);
--> statement-breakpoint
CREATE INDEX `subscribers_by_state` ON `subscribers` (`state`,`id`);