"""The exact values to paste into the platform's console, each with the page it belongs on."""

from dataclasses import dataclass
from urllib.parse import urlsplit

CALLBACK_PATH = "/wecom/callback"


@dataclass(frozen=True, slots=True)
class Pasted:
    """What the console asks for."""

    base_url: str
    token: str
    aes_key: str


def console_words(values: Pasted) -> list[str]:
    """Return the lines to follow, in the order in which the console wants them."""
    host = urlsplit(values.base_url).hostname or ""
    return [
        "在企业微信管理后台 → 应用管理 → 督办, 依次:",
        "1. 企业可信IP: 填本机的出口地址 (不知道就先跳过; doctor 报 60020 时会写出来)",
        "2. 接收消息 → 设置API接收, 原样粘贴:",
        f"     URL             {values.base_url}{CALLBACK_PATH}",
        f"     Token           {values.token}",
        f"     EncodingAESKey  {values.aes_key}",
        "   勾选: 用户发送的普通消息、进入应用会话、模板卡片事件、菜单事件、通讯录变更事件",
        "   点「保存」之前服务要在运行: 企业微信当场来验证",
        f"3. 网页授权及JS-SDK → 可信域名, 以及 企业微信授权登录 → 授权回调域: {host}",
        "4. 应用可见范围: 加入所有要用的人",
    ]
