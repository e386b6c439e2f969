-- letter_mail_state: what became of the mails of those letters that were put out to be mailed.
-- $1 source_ids, $2 codes, $3 episodes.  Result: place among them (from 1, ascending), delivery, state.
SELECT k.place, v.delivery_id, v.state
FROM unnest($1::int[], $2::text[], $3::smallint[]) WITH ORDINALITY AS k (source_id, code, episode, place)
JOIN message m ON m.key = 'letter/' || k.source_id || '/' || k.episode || '/' || k.code
JOIN delivery v ON v.message_id = m.message_id
ORDER BY k.place
