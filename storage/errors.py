"""What storage says when it cannot keep a promise: faults of the world, never of the caller."""


class Unavailable(Exception):  # noqa: N818 -- a condition to be lived through, not a mistake
    """The database does not answer in time, or cannot take a write; try later, or the lifeboat."""


class TooNew(Unavailable):
    """What a newer version of the program has written cannot be read by this one.

    While replicas are replaced one by one, what this one cannot do is left to those that can.
    """


class CommitUnknown(Unavailable):
    """The connection died during a commit: it may have happened. Look the key up, never redo."""


class ConcurrentChange(Exception):  # noqa: N818 -- a condition to be lived through, not a mistake
    """Somebody else changed the same thing first; the whole transaction may be run again."""


class SchemaError(Exception):
    """The tables are not those this program knows, or may not be changed as they stand."""
