-- notifier_begin: opens a round.  One snapshot for all its statements, so that what the cursor moves past is exactly
-- what the round has seen; whoever changes a duty meanwhile makes the round fail and start again (class 40).
BEGIN ISOLATION LEVEL REPEATABLE READ
