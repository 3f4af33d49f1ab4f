"""What of a record is personal text, to be erased when the case has been closed long enough (G10).

The skeleton stays: who acted when, grades, units, moments, numbers.
"""

ERASED = "（已到期清除）"
_TEXTS = frozenset(
    {
        "text", "words", "reason", "reasons", "demand", "draft", "title", "known", "condition",
        "unit_reason", "unit_question", "would_change", "asks", "desc", "content", "quote_text",
        "sub_title_text", "description", "summary", "appeal",
    }
)  # fmt: skip


def erased(value: object, *, is_text: bool = False) -> object:
    """Return a JSON value with every personal text in it replaced; all else as it was."""
    match value:
        case dict():
            return {name: erased(one, is_text=name in _TEXTS) for name, one in value.items()}
        case list():
            return [erased(one, is_text=is_text) for one in value]
        case str() if is_text and value:
            return ERASED
        case _:
            return value
