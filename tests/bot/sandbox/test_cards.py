"""Template cards: every rule of the platform's page has a card that breaks it."""

import pytest

from bot.sandbox.answers import RefusalError
from bot.sandbox.cards import CardType, calls_back, check_card, keys_of, menu_of
from tests.bot.sandbox.playground import Json

ACTION = {"type": 1, "url": "https://example.com"}
OPTION = {"id": "1", "text": "一"}
GOOD: dict[CardType, Json] = {
    CardType.TEXT_NOTICE: {"main_title": {"title": "题"}, "card_action": ACTION},
    CardType.NEWS_NOTICE: {
        "main_title": {"title": "题"},
        "card_action": ACTION,
        "card_image": {"url": "https://example.com/a.png"},
        "vertical_content_list": [{"title": "行"}],
    },
    CardType.BUTTON: {
        "main_title": {"title": "题"},
        "task_id": "t",
        "button_list": [{"text": "收", "key": "k"}],
        "button_selection": {"question_key": "q", "option_list": [OPTION]},
    },
    CardType.VOTE: {
        "main_title": {"title": "题"},
        "task_id": "t",
        "checkbox": {"question_key": "q", "option_list": [OPTION]},
        "submit_button": {"text": "交", "key": "k"},
    },
    CardType.MULTIPLE: {
        "main_title": {"title": "题"},
        "task_id": "t",
        "select_list": [{"question_key": "q", "option_list": [OPTION]}],
        "submit_button": {"text": "交", "key": "k"},
    },
}


def _good(kind: CardType, **more: object) -> Json:
    return {"card_type": str(kind), **GOOD[kind], **more}


@pytest.mark.parametrize("kind", CardType)
def test_a_complete_card_is_taken(kind: CardType) -> None:
    check_card(_good(kind))


MENU = {"desc": "更多", "action_list": [{"text": "转", "key": "m"}]}
CONTENT = {"keyname": "名", "value": "值"}

WRONG: list[tuple[CardType, Json, int]] = [
    (CardType.TEXT_NOTICE, {"card_type": "fax"}, 42031),
    (CardType.TEXT_NOTICE, {"main_title": {}}, 41016),
    (CardType.TEXT_NOTICE, {"card_action": {}}, 42045),
    (CardType.TEXT_NOTICE, {"card_action": {"type": 1}}, 42028),
    (CardType.TEXT_NOTICE, {"card_action": {"type": 1, "url": "a.b"}}, 45034),
    (CardType.TEXT_NOTICE, {"card_action": {"type": 2}}, 42030),
    (CardType.TEXT_NOTICE, {"task_id": "空 格"}, 42014),
    (CardType.TEXT_NOTICE, {"task_id": "x" * 129}, 42014),
    (CardType.TEXT_NOTICE, {"action_menu": MENU}, 42014),
    (CardType.TEXT_NOTICE, {"action_menu": {}, "task_id": "t"}, 40058),
    (
        CardType.TEXT_NOTICE,
        {"action_menu": {"action_list": [{"text": "一", "key": str(n)} for n in range(4)]}},
        40058,
    ),
    (CardType.TEXT_NOTICE, {"action_menu": {"action_list": [{"key": "k"}]}}, 42038),
    (CardType.TEXT_NOTICE, {"action_menu": {"action_list": [{"text": "一"}]}}, 42039),
    (
        CardType.TEXT_NOTICE,
        {"action_menu": {"action_list": [{"text": "一", "key": "k"}] * 2}},
        42051,
    ),
    (CardType.TEXT_NOTICE, {"horizontal_content_list": [CONTENT] * 7}, 42035),
    (CardType.TEXT_NOTICE, {"horizontal_content_list": [{"value": "v"}]}, 42027),
    (CardType.TEXT_NOTICE, {"horizontal_content_list": [{**CONTENT, "type": 1}]}, 42028),
    (CardType.TEXT_NOTICE, {"horizontal_content_list": [{**CONTENT, "type": 2}]}, 42029),
    (CardType.TEXT_NOTICE, {"horizontal_content_list": [{**CONTENT, "type": 3}]}, 42050),
    (CardType.TEXT_NOTICE, {"jump_list": [{"title": "去"}] * 4}, 42042),
    (CardType.TEXT_NOTICE, {"jump_list": [{}]}, 42033),
    (CardType.TEXT_NOTICE, {"jump_list": [{"title": "去", "type": 1}]}, 42028),
    (CardType.TEXT_NOTICE, {"jump_list": [{"title": "去", "type": 2}]}, 42030),
    (CardType.NEWS_NOTICE, {"main_title": {}}, 41016),
    (CardType.NEWS_NOTICE, {"card_action": {}}, 42045),
    (CardType.NEWS_NOTICE, {"card_image": {}}, 42044),
    (CardType.NEWS_NOTICE, {"vertical_content_list": [{"title": "行"}] * 5}, 42036),
    (CardType.NEWS_NOTICE, {"vertical_content_list": [{"desc": "行"}]}, 42033),
    (CardType.BUTTON, {"main_title": {}}, 41016),
    (CardType.BUTTON, {"task_id": ""}, 42014),
    (CardType.BUTTON, {"button_list": []}, 40058),
    (CardType.BUTTON, {"button_list": [{"text": "收", "key": str(n)} for n in range(7)]}, 40058),
    (CardType.BUTTON, {"button_list": [{"key": "k"}]}, 42038),
    (CardType.BUTTON, {"button_list": [{"text": "收"}]}, 42039),
    (CardType.BUTTON, {"button_list": [{"text": "收", "key": "k" * 1025}]}, 42039),
    (CardType.BUTTON, {"button_list": [{"text": "收", "type": 1}]}, 42028),
    (CardType.BUTTON, {"button_selection": {"option_list": [OPTION]}}, 42043),
    (CardType.BUTTON, {"button_selection": {"question_key": "q"}}, 42037),
    (
        CardType.BUTTON,
        {"button_selection": {"question_key": "q", "option_list": [OPTION] * 11}},
        42037,
    ),
    (
        CardType.BUTTON,
        {"button_selection": {"question_key": "q", "option_list": [{"text": "一"}]}},
        42040,
    ),
    (
        CardType.BUTTON,
        {"button_selection": {"question_key": "q", "option_list": [{"id": "1"}]}},
        42041,
    ),
    (CardType.VOTE, {"main_title": {}}, 41016),
    (CardType.VOTE, {"checkbox": {"question_key": "q", "option_list": [OPTION] * 21}}, 42037),
    (CardType.VOTE, {"submit_button": {"key": "k"}}, 42049),
    (CardType.VOTE, {"submit_button": {"text": "交"}}, 42046),
    (CardType.MULTIPLE, {"main_title": {}}, 41016),
    (CardType.MULTIPLE, {"select_list": []}, 42047),
    (
        CardType.MULTIPLE,
        {"select_list": [{"question_key": "q", "option_list": [OPTION]}] * 4},
        42047,
    ),
    (CardType.MULTIPLE, {"submit_button": {}}, 42049),
]


@pytest.mark.parametrize(("kind", "change", "errcode"), WRONG)
def test_an_incomplete_card_is_refused(kind: CardType, change: Json, errcode: int) -> None:
    with pytest.raises(RefusalError) as refusal:
        check_card(_good(kind, **change))
    assert refusal.value.errcode == errcode


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (CardType.BUTTON, {"button_list": [{"text": "收", "key": "k" * 1024}]}),
        (CardType.TEXT_NOTICE, {"main_title": {}, "sub_title_text": "正文"}),
        (CardType.TEXT_NOTICE, {"action_menu": MENU, "task_id": "x" * 128}),
        (CardType.NEWS_NOTICE, {"card_image": {}, "image_text_area": {"image_url": "https://a"}}),
        (CardType.BUTTON, {"button_list": [{"text": "看", "type": 1, "url": "https://a"}]}),
    ],
)
def test_a_card_on_the_border_is_taken(kind: CardType, change: Json) -> None:
    check_card(_good(kind, **change))


def test_only_cards_that_can_be_pressed_call_back() -> None:
    pressed = {kind for kind in CardType if calls_back(_good(kind))}
    assert pressed == {CardType.BUTTON, CardType.VOTE, CardType.MULTIPLE}
    assert calls_back(_good(CardType.TEXT_NOTICE, action_menu=MENU))


def test_what_can_be_pressed_is_found_on_every_kind() -> None:
    assert keys_of(_good(CardType.BUTTON)) == {"k": "收"}
    assert keys_of(_good(CardType.VOTE)) == {"k": "交"}
    assert keys_of(_good(CardType.TEXT_NOTICE)) == {}
    assert menu_of(_good(CardType.BUTTON, action_menu=MENU)) == {"m": "转"}
