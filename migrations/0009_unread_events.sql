CREATE TABLE `unread_events` (
	`svix_id` text PRIMARY KEY NOT NULL,
	`body` text NOT NULL,
	`received_at` integer NOT NULL
);
