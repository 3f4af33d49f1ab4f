"""The cast, builders and servers that tests share."""
