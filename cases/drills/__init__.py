"""Drills (演练): what marks them, what time it is in them, what is played, and how it went."""
