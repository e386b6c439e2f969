-- alerts_begin: opens what an official says about steps that wait.  One snapshot: whoever takes or plans one of them at the same
-- time makes it fail (class 40), for the row that waits then is another one, which this snapshot does not see.
BEGIN ISOLATION LEVEL REPEATABLE READ
