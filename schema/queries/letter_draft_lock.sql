-- letter_draft_lock: one drafter at a time until the transaction ends: numbers are given in order, and none is left out.
SELECT pg_advisory_xact_lock(hashtext('kipthoi.letter.draft'))
