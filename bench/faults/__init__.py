"""Faults of every kind against the real service, judged from the sandbox's log by I1 to I11."""
