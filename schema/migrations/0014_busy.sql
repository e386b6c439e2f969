-- 0014_busy: a scorer that catches up says so.

-- scorer_cursor.busy: the last turn took so much that more has come meanwhile.  Of what it judged overdue much is about to
-- be taken back, when the ends of the same dossiers are folded.
ALTER TABLE scorer_cursor ADD COLUMN busy boolean NOT NULL DEFAULT false;
