"""A year of a whole institution: what people say, what the engine sends, what an oracle expects.

`lives` writes the commands, `engine` plays them through the real storage, handlers and sender,
`oracle` says from the same commands what should have left, `judge` compares.
"""
