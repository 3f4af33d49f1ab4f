"""The menu of the app (platform page 90231): what people press instead of typing."""

import json

# The key of a menu entry, and the words it stands for.
WORDS_OF = {
    "todo": "我的待办",
    "due_today": "今日到期",
    "overdue": "列一下超时的",
    "on_duty": "谁值班",
    "help": "帮助",
}
_MOST_BELOW = 5


def app_menu(base_url: str = "") -> str:
    """Return the body of menu/create: three entries, with our pages where they can be opened."""
    more = [
        _click("超时的件", "overdue"),
        _click("谁在值班", "on_duty"),
        _click("帮助", "help"),
    ]
    if base_url:
        more.append({"type": "view", "name": "打开督办网页", "url": f"{base_url}/"})
    menu = {
        "button": [
            _click("我的待办", "todo"),
            _click("今日到期", "due_today"),
            {"name": "更多", "sub_button": more[:_MOST_BELOW]},
        ]
    }
    return json.dumps(menu, ensure_ascii=False)


def _click(name: str, key: str) -> dict[str, str]:
    return {"type": "click", "name": name, "key": key}
