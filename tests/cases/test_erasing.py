"""Personal text is taken out of a record; who, when, which grade and which number stay."""

import pytest

from cases.erasing import ERASED, erased


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"text": "王女士说"}, {"text": ERASED}),
        ({"text": ""}, {"text": ""}),
        ({"by": "li", "seq": 3}, {"by": "li", "seq": 3}),
        ({"orders": [{"by": "li", "words": "速办"}]}, {"orders": [{"by": "li", "words": ERASED}]}),
        ({"known": ["甲", "乙"]}, {"known": [ERASED, ERASED]}),
        ({"asks": True, "title": None}, {"asks": True, "title": None}),
        ("li", "li"),
    ],
)  # fmt: skip
def test_text_goes_and_the_skeleton_stays(before: object, after: object) -> None:
    assert erased(before) == after
