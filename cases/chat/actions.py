"""What is to be done, in the words the contract uses for `action`."""

import re

_ACTIONS = (
    ("阅处", "阅处"),
    ("阅办", "阅办"),
    ("阅研", "阅研"),
    ("阅酌", "阅酌"),
    (
        "现场核查",
        r"(?:去|到|赶|奔|赴)[^,。;]{0,4}现场|现场(?:核查|查看|看看|勘查|核实)|派人(?:过去|去)",
    ),
    ("核查", "核查|查清|查明|查实|彻查"),
    ("核实", "核实|核一下"),
    ("调查", "调查"),
    ("处置", "处置"),
    ("处理", "处理"),
    ("办理", "办理"),
    ("整改", "整改"),
    ("持续关注", "(?:继续|持续|密切|保持)(?:跟踪)?关注|盯住|盯紧|跟踪"),
    ("重写", "重写|重新(?:写|拟|起草)|重拟|另拟"),
    ("修改", "修改|改一下|改改|改好"),
    ("复盘", "复盘|总结"),
    ("回应", "回应|答复|回复"),
    ("研究", "研究"),
    ("上报", "上报"),
)
_PATTERNS = tuple((name, re.compile(words)) for name, words in _ACTIONS)


def actions_in(text: str) -> list[str]:
    """Return the actions `text` names, in the order they are named."""
    found = [(match.start(), name) for name, words in _PATTERNS if (match := words.search(text))]
    return [name for _place, name in sorted(found)]
