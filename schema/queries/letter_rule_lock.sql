-- letter_rule_lock: one loader of rules for letters at a time, to the end of the transaction.
SELECT pg_advisory_xact_lock(hashtext('kipthoi.letter.rule'))
