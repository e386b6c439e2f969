-- db_replan: forgets the plans that are kept; the next use of each statement plans it for the tables as they are then.
DISCARD PLANS
