"""What a browser calls itself, in the two words that tell one's devices apart."""

_PROGRAMS = (
    ("wxwork", "企业微信"),
    ("MicroMessenger", "微信"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "安卓手机"),
    ("HarmonyOS", "鸿蒙手机"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows 电脑"),
    ("Mac OS", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)


def device_in_words(agent: str) -> str:
    """Return program and system: Chrome · Windows 电脑."""
    lower = agent.lower()
    found = (
        next((name for sign, name in table if sign.lower() in lower), "")
        for table in (_PROGRAMS, _SYSTEMS)
    )
    return " · ".join(word for word in found if word) or "未知设备"
