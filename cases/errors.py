"""Refusals: what a person is told when something cannot be done. They are answers, not faults."""


class RefusalError(Exception):
    """Something that will not be done; the message is what the person reads."""


class NotAllowedError(RefusalError):
    """The case is not where this could happen."""


class NotPermittedError(RefusalError):
    """The person may not ask for it."""


class NotFoundError(RefusalError):
    """No such case, or none this person may know of: the two are never told apart."""


class NotUnderstoodError(RefusalError):
    """The words have no meaning here, or more than one."""
