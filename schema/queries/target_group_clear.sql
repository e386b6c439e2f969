-- target_group_clear: takes all groups of fields away, for a file to be loaded anew.  Writes: field_group.
DELETE FROM field_group
