"""Every errcode a sender can meet, with what it means to do and how to put it right.

Codes and their official texts are those of platform page 90313, the robot's of page 99110. Only
the number counts; the platform says not to rely on errmsg.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_HINT = re.compile(r",? ?hint: ?\[[^\]]{0,100}\]|, more info at .{0,200}")


class Verdict(StrEnum):
    """What follows from an errcode (R11)."""

    BUSY = "busy"  # the platform asks for another try
    RATE_LIMITED = "rate limited"  # the whole API must be quiet for a while
    NEW_TOKEN = "new token"  # noqa: S105  fetch a token once and try once more
    DELIVERED_BEFORE = "delivered before"  # a task_id that is known already: see R9
    MESSAGE = "message"  # this message can never be delivered
    RECIPIENT = "recipient"  # this recipient can never be reached this way
    CONFIGURATION = "configuration"  # nothing can leave until somebody puts it right
    MEDIA = "media"  # the uploaded file is gone: upload it again
    CARD = "card"  # the card cannot be refreshed any more: send a new one


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One errcode: the verdict, what it means, and who can do what about it (both in Chinese)."""

    verdict: Verdict
    meaning: str
    fix: str


_BY_VERDICT: dict[Verdict, tuple[str, dict[int, str]]] = {
    Verdict.BUSY: (
        "系统会自动重试，无需处理",
        {
            -1: "企业微信系统繁忙",
            6000: "数据版本冲突",
            45035: "并发操作冲突",
            45036: "数据访问超过限制",
            846607: "机器人在这个会话里发得太密",
            846609: "长连接还没有订阅",
            301022: "企业微信内部错误",
            301064: "企业微信内部错误",
        },
    ),
    Verdict.RATE_LIMITED: (
        "系统会暂停发送并自动恢复；如经常出现，请管理员检查是否有其他程序共用该应用",
        {45009: "接口调用超过限制", 45033: "接口并发调用超过限制"},
    ),
    Verdict.NEW_TOKEN: (
        "系统会自动换取新的凭证；反复出现时请管理员检查是否有其他程序使用同一 Secret",
        {40014: "不合法的 access_token", 42001: "access_token 已过期"},
    ),
    Verdict.DELIVERED_BEFORE: (
        "系统会核对此前是否已送达；未送达则换编号重发",
        {42014: "卡片的 task_id 不合法或已用过"},
    ),
    Verdict.MESSAGE: (
        "这条消息不会再发，请值班员改用其他方式告知，并把错误码告诉系统管理员",
        {
            40008: "不合法的消息类型",
            40016: "菜单按钮的个数不对",
            40066: "接口地址不对",
            86201: "不合法的群聊名称",
            86202: "不合法的群主",
            86203: "不合法的群聊成员列表",
            86216: "不合法的群聊成员",
            40032: "UserID 列表长度不对",
            40033: "含有不合法的 Unicode 转义字符",
            40035: "不合法的参数",
            40039: "网址过长",
            40058: "不合法的参数，或内容超过长度",
            40063: "参数为空",
            40201: "内容被反垃圾规则拦截",
            40204: "内容被反垃圾规则拦截",
            40206: "请求内容过大",
            41001: "请求缺少 access_token",
            41010: "缺少网址",
            41011: "缺少 agentid",
            41016: "缺少标题",
            41033: "缺少描述",
            42003: "登录 code 已过期",
            42022: "登录 code 已使用过",
            40029: "不合法的登录 code",
            44004: "消息内容为空",
            45002: "消息内容超过长度",
            45008: "图文消息超过 8 条",
            45032: "图文内容超过长度",
            45034: "网址缺少 http 或 https",
            47001: "请求不是合法的 JSON",
            82001: "接收人全部为空",
            82002: "部门超过 100 个",
            82003: "标签超过 100 个",
            82004: "不合法的消息内容",
            84014: "成员票据已过期",
            84015: "成员票据无效",
            85002: "含有不合法的词语",
            93017: "机器人消息内容为空",
            93018: "机器人图片超过大小",
            93050: "不合法的 response_type",
            42052: "消息已超过 24 小时，不能撤回",
            42027: "卡片二级标题缺少 keyname",
            42028: "卡片缺少网址",
            42029: "卡片附件缺少 media_id",
            42030: "卡片缺少小程序 appid",
            42031: "卡片类型不合法",
            42033: "卡片缺少标题",
            42035: "卡片二级标题过多",
            42036: "卡片垂直内容过多",
            42037: "卡片选项过多或为空",
            42038: "卡片按钮缺少文字",
            42039: "卡片按钮缺少 key",
            42040: "卡片选项缺少 id",
            42041: "卡片选项缺少文字",
            42042: "卡片跳转列表过多",
            42043: "卡片缺少 question_key",
            42044: "卡片图片缺少网址",
            42045: "卡片缺少整体跳转",
            42046: "卡片提交按钮缺少 key",
            42047: "卡片下拉列表过多或为空",
            42049: "卡片提交按钮缺少文字",
            42050: "卡片二级标题缺少 userid",
            42051: "卡片菜单的 key 重复",
            846605: "不合法的 req_id",
            846606: "重复回复",
            846608: "流式消息已超过时限",
            846604: "req_id 已过期",
            846610: "文件分片数不对",
            846611: "上传编号不对或已过期",
            846612: "文件分片编码不对",
            846613: "文件分片序号或大小不对",
            846614: "文件分片不全",
            846615: "文件上传出错",
            846616: "文件上传出错",
            846625: "卡片的 task_id 不合法或已用过",
            846697: "机器人的请求出错",
        },
    ),
    Verdict.RECIPIENT: (
        "此人或此群收不到应用消息，系统会通知下一位；请管理员核对通讯录和应用可见范围",
        {
            40003: "无效的 UserID",
            40031: "不合法的 UserID 列表",
            40050: "群聊不存在",
            46004: "指定的用户不存在",
            49008: "群聊已解散",
            50002: "成员不在权限范围",
            60003: "部门不存在",
            60011: "对成员、部门或标签无权限",
            60021: "成员不在应用可见范围",
            60111: "UserID 不存在",
            60123: "部门不存在",
            81012: "缺少可见范围",
            81013: "接收人全部非法或无权限",
            86001: "不合法的群聊 ID",
            86003: "群聊不存在",
            86215: "群聊已存在",
            86008: "群聊不是本应用创建的",
            93000: "机器人地址不合法，或机器人已被移出群",
            93001: "该群不允许推送消息",
            93004: "机器人已被停用",
            93006: "不合法的群 ID",
            93008: "机器人不在群里",
            93019: "不合法的机器人 ID",
        },
    ),
    Verdict.CONFIGURATION: (
        "请管理员修正后系统会自动补发",
        {
            40001: "Secret 不正确",
            40013: "CorpID 不正确",
            40056: "agentid 不正确",
            40091: "Secret 不属于本企业",
            41002: "缺少 CorpID",
            41004: "缺少 Secret",
            43012: "应用没有配置接收消息的网址，不能发带按钮的卡片",
            45031: "Secret 不够安全，需要重置",
            48001: "应用没有该接口的权限",
            48002: "应用没有该接口的权限",
            48006: "接口权限因长期未用被收回",
            48010: "TLS 版本过低",
            50001: "登录网址没有登记为可信域名",
            50003: "应用已被禁用",
            60020: "服务器的出口 IP 不在企业可信 IP 内",
            60031: "应用已被禁止调用接口",
            301002: "凭证与 agentid 不是同一个应用",
            301007: "企业不可用",
            846601: "机器人没有开启长连接",
            853000: "机器人 ID 或 Secret 不正确",
        },
    ),
    Verdict.MEDIA: (
        "系统会重新上传一次；仍不行时请改发网页链接",
        {
            40004: "不合法的媒体类型",
            40005: "不合法的文件类型",
            40006: "不合法的文件大小",
            40007: "不合法的 media_id",
            40009: "不合法的图片大小",
            40011: "不合法的视频大小",
            40123: "不合法的上传类型",
            40145: "media_id 已过期",
            44001: "文件为空",
            45001: "文件过大",
            45007: "语音过长",
            301017: "文件内容不合法",
            301019: "文件校验不一致",
        },
    ),
    Verdict.CARD: (
        "旧卡片不再更新，系统会另发新消息",
        {
            42015: "卡片不是本应用发的",
            42016: "卡片的 task_id 不存在",
            42017: "卡片按钮不能更新",
            42018: "卡片按钮不能更新",
            42019: "卡片按钮不能更新",
            42020: "卡片按钮不能更新",
            60140: "更新卡片的 response_code 已用过或超过 72 小时",
            82101: "更新卡片的对象为空",
            82102: "更新卡片的对象不在接收人中",
        },
    ),
}

# What one person can do about one code, where the general advice would not get him there.
_FIXES: dict[int, str] = {
    40001: "请管理员在管理后台重新查看该应用的 Secret，更新密钥文件后重启服务",
    40013: "请管理员核对“我的企业”页最下方的企业 ID",
    40056: "请管理员核对应用详情页的 AgentId",
    43012: "请管理员在应用的“接收消息”中保存回调网址",
    48002: "请管理员核对应用权限；群聊接口要求可见范围为根部门",
    50001: "请管理员在应用的“网页授权”中登记可信域名",
    50003: "请管理员在管理后台启用该应用",
    60020: "请管理员把错误信息中 from ip 后面的地址加入应用的“企业可信IP”，约一分钟后生效",
    846601: "请管理员在机器人的“API 模式”里选“长连接”，或把 [aibot] 的 mode 改为 callback",
    853000: "请管理员在机器人的“API 模式”页核对 Bot ID 和 Secret，更新后重启服务",
    93000: "请在该群重新添加机器人，并更新机器人密钥",
    93001: "请群主在群设置中允许推送消息",
    93004: "请在该群重新启用机器人",
    93008: "请在该群重新添加机器人，并更新机器人密钥",
}

ERROR_CODES: dict[int, ErrorCode] = {
    code: ErrorCode(verdict, meaning, _FIXES.get(code, fix))
    for verdict, (fix, meanings) in _BY_VERDICT.items()
    for code, meaning in meanings.items()
}

_UNLISTED = ErrorCode(
    Verdict.MESSAGE,
    "没有收录的错误",
    "请把错误码和错误信息告诉系统管理员",
)


def explain(errcode: int) -> ErrorCode:
    """Return what is known about a code; one that nobody has listed is final for its message."""
    return ERROR_CODES.get(errcode, _UNLISTED)


def say(errcode: int, errmsg: str) -> str:
    """Return one Chinese line for logs, alarms and the board: code, meaning, fix, errmsg."""
    known = explain(errcode)
    # The errmsg of 60020 holds the egress address; none of them holds a secret. The hint differs
    # each time, and one fault should be one alarm.
    detail = _HINT.sub("", errmsg.replace("\n", " "))[:300]
    return f"{known.meaning}（{errcode}）。{known.fix}。原文: {detail}"


_VERDICTS = {
    Verdict.BUSY: "平台忙, 自动重试",
    Verdict.RATE_LIMITED: "超过限额, 自动暂停和恢复",
    Verdict.NEW_TOKEN: "凭证过期, 自动更换",
    Verdict.DELIVERED_BEFORE: "编号用过, 自动核对",
    Verdict.MESSAGE: "这条消息有问题, 不再发, 有告警",
    Verdict.RECIPIENT: "这个人或群收不到, 自动通知下一位",
    Verdict.CONFIGURATION: "配置有问题, 暂停发送并告警, 改好自动补发",
    Verdict.MEDIA: "文件有问题, 自动重新上传一次",
    Verdict.CARD: "卡片不能再更新, 自动另发",
}


def page() -> str:
    """Return docs/errors.md: every code with what follows by itself and what a person can do."""
    lines = [
        "# 企业微信错误码",
        "",
        "由程序里的同一张表写出 (`bot/wecom/error_codes.py`), 体检、告警和看板用同样的话。",
        f"没有列出的错误码: {_UNLISTED.meaning}, {_UNLISTED.fix}。",
    ]
    for verdict, words in _VERDICTS.items():
        lines += ["", f"## {words}", "", "| 错误码 | 意思 | 怎么办 |", "|---|---|---|"]
        codes = sorted(code for code, one in ERROR_CODES.items() if one.verdict is verdict)
        for code in codes:
            one = ERROR_CODES[code]
            lines.append(f"| {code} | {one.meaning} | {one.fix} |")
    return "\n".join(lines) + "\n"
