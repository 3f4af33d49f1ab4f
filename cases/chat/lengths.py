"""How long things are that people say, in characters."""

WORD = 2
PHRASE = 6
CLAUSE = 10
SHORT = 30  # small talk, a bare request
LINE = 60  # one sentence
COMMAND = 400  # nobody commands at greater length
