-- WITHOUT ROWID by hand: each number is one row, and no page of an index beside it.
CREATE TABLE `day_counts` (
	`day` integer NOT NULL,
	`what` text NOT NULL,
	`key` text NOT NULL,
	`counted` integer NOT NULL,
	`at` integer,
	PRIMARY KEY(`day`, `what`, `key`)
) WITHOUT ROWID;
