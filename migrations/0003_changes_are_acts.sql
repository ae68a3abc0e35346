INSERT INTO `acts` (`at`, `actor`, `verb`, `object`, `changed`, `request_id`, `stage`)
SELECT c.`at`, 'api',
	CASE json_extract(c.`change`, '$.act') WHEN 'rotate_key' THEN 'rotate_form_key' WHEN 'make_link' THEN 'make_partner_link'
		WHEN 'revoke_link' THEN 'revoke_partner_link' ELSE 'save_partner' END,
	'partner:' || p.`slug`,
	(SELECT json_group_object(e.`key`, json(json_extract(c.`change`, '$."' || e.`key` || '"', '$.""') -> '$[0]'))
		FROM json_each(c.`change`) e
		WHERE e.`key` <> 'act' AND length(e.`value`) <= 200 AND instr(coalesce(e.`value`, ''), '@') = 0),
	'change-' || c.`id`, 'settled'
FROM `partner_changes` c JOIN `partners` p ON p.`id` = c.`partner_id` ORDER BY c.`id`;
--> statement-breakpoint
DROP TABLE `partner_changes`;
