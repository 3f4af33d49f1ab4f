"""Template cards (模板卡片): what the platform checks before it takes one (page 90236)."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from bot.sandbox.answers import RefusalError
from bot.sandbox.fields import Json, items, mapping, mappings, size, text, whole

_TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")
_KEY_BYTES = 1024
_OPTION_BYTES = 128
_MOST_CONTENTS = _MOST_BUTTONS = 6
_MOST_JUMPS = _MOST_ACTIONS = _MOST_SELECTS = 3
_MOST_VERTICALS = 4


class CardType(StrEnum):
    """The five kinds of card."""

    TEXT_NOTICE = "text_notice"
    NEWS_NOTICE = "news_notice"
    BUTTON = "button_interaction"
    VOTE = "vote_interaction"
    MULTIPLE = "multiple_interaction"


INTERACTIVE = frozenset({CardType.BUTTON, CardType.VOTE, CardType.MULTIPLE})
NOTICES = frozenset({CardType.TEXT_NOTICE, CardType.NEWS_NOTICE})


def card_type(card: Json) -> CardType:
    """Return the kind of a card; raises RefusalError 42031 for an unknown one."""
    try:
        return CardType(text(card, "card_type"))
    except ValueError as error:
        raise RefusalError(42031, "invalid card_type") from error


def has_menu(card: Json) -> bool:
    """Say whether the card has the menu in its corner (action_menu)."""
    return bool(items(mapping(card.get("action_menu")).get("action_list")))


def calls_back(card: Json) -> bool:
    """Say whether a press on this card reaches the app, so that it may be updated later."""
    return card_type(card) in INTERACTIVE or has_menu(card)


def check_card(card: Json, *, update: bool = False) -> None:
    """Check a card that is sent, or put in the place of another (`update`: no task_id needed).

    Raises:
        RefusalError: with the platform's code for the first thing wrong.
    """
    kind = card_type(card)
    _check_common(card)
    task_id = text(card, "task_id")
    if task_id and not _TASK_ID.fullmatch(task_id):
        raise RefusalError(42014)
    if not update:
        if calls_back(card) and not task_id:
            raise RefusalError(42014)
        _PARTICULAR[kind](card)


def _need(held: object, errcode: int, errmsg: str = "") -> None:
    if not held:
        raise RefusalError(errcode, errmsg)


def _check_common(card: Json) -> None:
    _check_menu(card)
    contents = tuple(mappings(card.get("horizontal_content_list")))
    _need(len(contents) <= _MOST_CONTENTS, 42035, "horizontal_content_list length")
    for content in contents:
        _need(text(content, "keyname"), 42027, "horizontal_content_list.keyname missing")
        _check_target(content, {1: ("url", 42028), 2: ("media_id", 42029), 3: ("userid", 42050)})
    jumps = tuple(mappings(card.get("jump_list")))
    _need(len(jumps) <= _MOST_JUMPS, 42042, "jump_list length")
    for jump in jumps:
        _need(text(jump, "title"), 42033, "jump_list.title missing")
        _check_target(jump, {1: ("url", 42028), 2: ("appid", 42030)})
    if "card_action" in card:
        action = mapping(card["card_action"])
        _check_target(action, {1: ("url", 42028), 2: ("appid", 42030)})


def _check_menu(card: Json) -> None:
    if "action_menu" not in card:
        return
    actions = tuple(mappings(mapping(card["action_menu"]).get("action_list")))
    _need(1 <= len(actions) <= _MOST_ACTIONS, 40058, "action_menu.action_list length")
    keys = [text(action, "key") for action in actions]
    _need(all(text(action, "text") for action in actions), 42038, "action_list.text missing")
    _need(all(0 < size(key) <= _KEY_BYTES for key in keys), 42039, "action_list.key missing")
    _need(len(set(keys)) == len(keys), 42051, "action_list.key conflict")


def _check_target(part: Json, wanted: Mapping[int, tuple[str, int]]) -> None:
    name, errcode = wanted.get(whole(part, "type"), ("", 0))
    if name:
        _need(text(part, name), errcode, f"{name} missing")
    if name == "url" and not re.match(r"https?://", text(part, "url")):
        raise RefusalError(45034)


def _title(card: Json) -> str:
    return text(mapping(card.get("main_title")), "title")


def _check_text_notice(card: Json) -> None:
    _need(_title(card) or text(card, "sub_title_text"), 41016)
    _need(whole(mapping(card.get("card_action")), "type") in {1, 2}, 42045, "card_action missing")


def _check_news_notice(card: Json) -> None:
    _need(_title(card), 41016)
    _need(whole(mapping(card.get("card_action")), "type") in {1, 2}, 42045, "card_action missing")
    picture = text(mapping(card.get("card_image")), "url")
    area = text(mapping(card.get("image_text_area")), "image_url")
    _need(picture or area, 42044, "card_image.url missing")
    verticals = tuple(mappings(card.get("vertical_content_list")))
    _need(len(verticals) <= _MOST_VERTICALS, 42036, "vertical_content_list length")
    for vertical in verticals:
        _need(text(vertical, "title"), 42033, "vertical_content_list.title missing")


def _check_buttons(card: Json) -> None:
    _need(_title(card), 41016)
    buttons = tuple(mappings(card.get("button_list")))
    _need(1 <= len(buttons) <= _MOST_BUTTONS, 40058, "button_list length")
    for button in buttons:
        _need(text(button, "text"), 42038, "button_list.text missing")
        if whole(button, "type") == 1:
            _need(text(button, "url"), 42028, "button_list.url missing")
        else:
            _need(0 < size(text(button, "key")) <= _KEY_BYTES, 42039, "button_list.key missing")
    if "button_selection" in card:
        _check_options(mapping(card["button_selection"]), most=10)


def _check_options(part: Json, *, most: int) -> None:
    _need(0 < size(text(part, "question_key")) <= _KEY_BYTES, 42043, "question_key missing")
    options = tuple(mappings(part.get("option_list")))
    _need(1 <= len(options) <= most, 42037, "option_list length")
    for option in options:
        _need(0 < size(text(option, "id")) <= _OPTION_BYTES, 42040, "option_list.id missing")
        _need(text(option, "text"), 42041, "option_list.text missing")


def _check_submit(card: Json) -> None:
    button = mapping(card.get("submit_button"))
    _need(text(button, "text"), 42049, "submit_button.text missing")
    _need(0 < size(text(button, "key")) <= _KEY_BYTES, 42046, "submit_button.key missing")


def _check_vote(card: Json) -> None:
    _need(_title(card), 41016)
    _check_options(mapping(card.get("checkbox")), most=20)
    _check_submit(card)


def _check_multiple(card: Json) -> None:
    _need(_title(card), 41016)
    selects = tuple(mappings(card.get("select_list")))
    _need(1 <= len(selects) <= _MOST_SELECTS, 42047, "select_list length")
    for select in selects:
        _check_options(select, most=10)
    _check_submit(card)


_PARTICULAR: Mapping[CardType, Callable[[Json], None]] = {
    CardType.TEXT_NOTICE: _check_text_notice,
    CardType.NEWS_NOTICE: _check_news_notice,
    CardType.BUTTON: _check_buttons,
    CardType.VOTE: _check_vote,
    CardType.MULTIPLE: _check_multiple,
}


def keys_of(card: Json) -> dict[str, str]:
    """Return key → words of everything on the card whose press reaches the app."""
    pressed = {
        text(button, "key"): text(button, "text")
        for button in mappings(card.get("button_list"))
        if whole(button, "type") == 0
    }
    submit = mapping(card.get("submit_button"))
    if submit:
        pressed[text(submit, "key")] = text(submit, "text")
    return pressed


def menu_of(card: Json) -> dict[str, str]:
    """Return key → words of the menu in the card's corner."""
    actions = mappings(mapping(card.get("action_menu")).get("action_list"))
    return {text(action, "key"): text(action, "text") for action in actions}
