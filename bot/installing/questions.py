"""The questions of the first hour: each with its reason, its default and its check."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

SECRET = "wecom_secret"  # noqa: S105  the name of an answer
ROBOTS = "robots"
KEPT = "已存"

_CORP_ID = re.compile(r"w[wx][0-9A-Za-z]{12,24}")
_HOURS = re.compile(r"[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d")
_BASE_URL = re.compile(
    r"https://[0-9A-Za-z.-]{1,253}(?::[0-9]{1,5})?|http://(?:127\.0\.0\.1|localhost):[0-9]{1,5}"
)
_USERID = re.compile(r"[0-9A-Za-z_.@-]{1,64}")
_KEY = re.compile(r"[0-9A-Za-z-]{20,64}")
_YES, _NO = ("是", "y", "yes", "1"), ("否", "n", "no", "0")
_HIGHEST_PORT = 65535


class WrongAnswerError(ValueError):
    """An answer that cannot be meant; the text says what one looks like."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `check` returns the answer as it is kept, or raises WrongAnswerError."""

    key: str
    asks: str
    why: str
    check: Callable[[str], str]
    default: str | None = None  # None: it has to be answered
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A person as typed: account and name."""

    userid: str
    name: str


def people_of(answer: str) -> tuple[Named, ...]:
    """Return the people of an answer: `sunlei 孙磊, zhaomin 赵敏`.

    Raises:
        WrongAnswerError: one of them has no account or no name.
    """
    found = []
    for part in filter(None, (one.strip() for one in re.split(r"[,，;；、]", answer))):
        userid, _, name = part.partition(" ")
        if not _USERID.fullmatch(userid) or not name.strip():
            raise WrongAnswerError(
                f"「{part}」应写成 账号 姓名, 例如: sunlei 孙磊; 几个人用逗号隔开"
            )
        found.append(Named(userid, name.strip()))
    return tuple(found)


def robots_of(answer: str) -> dict[str, str]:
    """Return the key of each unit's group robot: `市城管局=https://…key=…`, split by spaces.

    Raises:
        WrongAnswerError: one of them is no pair of a name and an address.
    """
    found: dict[str, str] = {}
    for part in answer.split():
        name, is_pair, address = part.partition("=")
        keys = parse_qs(urlsplit(address).query).get("key", [address])
        if not is_pair or not name or "/" in name or not _KEY.fullmatch(keys[0]):
            raise WrongAnswerError(
                f"「{part[:40]}」应写成 单位名=机器人的 Webhook 地址, 几个用空格隔开"
            )
        found[name] = keys[0]
    return found


def hours_of(answer: str) -> list[str]:
    """Return the working hours of a day: `08:30-12:00, 14:00-17:30`.

    Raises:
        WrongAnswerError: one of them is no stretch of time, or they are not in order.
    """
    parts = [one.strip() for one in re.split(r"[,，]", answer) if one.strip()]
    moments = [moment for part in parts for moment in part.split("-")]
    if not parts or not all(_HOURS.fullmatch(part) for part in parts):
        raise WrongAnswerError("请写成 08:30-12:00, 14:00-17:30")
    if moments != sorted(set(moments)) or moments[-1] > "24:00":
        raise WrongAnswerError("时段应从早到晚, 互不重叠")
    return parts


def is_yes(answer: str) -> bool:
    """Whether an answer to a yes or no question is a yes."""
    return answer in _YES


def questions(presets: dict[str, str], hours: Callable[[str], str]) -> tuple[Question, ...]:
    """Return all questions in order.

    Args:
        presets: the rulebooks that ship, with what each is for.
        hours: the working hours of a preset, as they are typed.
    """
    return (*_of_institution(presets, hours), *_of_machine(), *_of_people())


def _of_institution(presets: dict[str, str], hours: Callable[[str], str]) -> tuple[Question, ...]:
    listed = "; ".join(f"{name} {title}" for name, title in presets.items())
    return (
        Question("institution", "单位名称", "显示在消息和页面上, 例如: 云溪市", _not_empty),
        Question("rulebook", "用哪一套规则册", listed, _one_of(presets), next(iter(presets), None)),
        Question("hours", "每天的工作时段", "按工作时间计算的时限用它", _hours, hours("")),
    )


def _of_machine() -> tuple[Question, ...]:
    return (
        Question("corp_id", "企业 ID", "管理后台“我的企业”页最下方, ww 开头", _corp_id),
        Question("agent_id", "应用的 AgentId", "自建应用“督办”的详情页, 一个数字", _number),
        Question(
            SECRET,
            "应用的 Secret (输入时不显示)",
            "应用详情页点“查看”; 也可写 @文件路径; 存入 secrets/, 只有本账号能读",
            _secret,
            is_secret=True,
        ),
        Question(
            "base_url",
            "公网地址",
            "企业微信和手机从外面打开的地址, 例如: https://duban.example.gov.cn",
            _base_url,
        ),
        Question("port", "本机端口", "反向代理转到这里, 只在本机监听", _port, "8000"),
        Question(
            "database",
            "数据库",
            "单机用 sqlite; 或 postgresql://用户:密码@主机/库 (存入 secrets/)",
            _database,
            "sqlite",
        ),
    )


def _of_people() -> tuple[Question, ...]:
    return (
        Question("administrators", "系统管理员", "账号 姓名, 几个人用逗号隔开", _some_people),
        Question("director", "舆情办主任", "确认定级和交办的人, 账号 姓名", _some_people),
        Question("duty", "值班员", "收上报、盯进度的人, 账号 姓名, 几个人用逗号隔开", _some_people),
        Question(
            "people",
            "其他人员从哪里导入",
            "名册文件 (XLSX、CSV、TOML), 或 contacts 表示企业微信通讯录; 留空以后再导",
            str.strip,
            "",
        ),
        Question(
            ROBOTS,
            "单位群机器人 (输入时不显示)",
            "单位名=Webhook地址, 几个用空格隔开; 没有就留空, 联络员仍收得到私聊",
            _robots,
            "",
            is_secret=True,
        ),
        Question(
            "trial",
            "先试运行吗 (是/否)",
            "照常计算, 只对舆情办说话, 每晚列出本应发出的; 用 go-live 转正式",
            _yes_or_no,
            "是",
        ),
        Question("broadcasts", "要定时播报吗 (是/否)", "早报、晚报、轮巡提醒等", _yes_or_no, "是"),
    )


def _not_empty(answer: str) -> str:
    if not answer.strip():
        raise WrongAnswerError("不能空着")
    return answer.strip()


def _one_of(presets: dict[str, str]) -> Callable[[str], str]:
    def check(answer: str) -> str:
        if answer.strip() not in presets:
            raise WrongAnswerError(f"可选: {'、'.join(presets)}")
        return answer.strip()

    return check


def _hours(answer: str) -> str:
    return ", ".join(hours_of(answer))


def _corp_id(answer: str) -> str:
    if not _CORP_ID.fullmatch(answer.strip()):
        raise WrongAnswerError("企业 ID 以 ww 开头, 后面是字母和数字")
    return answer.strip()


def _number(answer: str) -> str:
    if not answer.strip().isascii() or not answer.strip().isdigit() or int(answer) == 0:
        raise WrongAnswerError("应为一个正整数, 例如 1000002")
    return answer.strip()


def _port(answer: str) -> str:
    number = _number(answer)
    if int(number) > _HIGHEST_PORT:
        raise WrongAnswerError(f"端口在 1 到 {_HIGHEST_PORT} 之间")
    return number


def _secret(answer: str) -> str:
    if not re.fullmatch(r"@.+|[0-9A-Za-z_-]{20,64}", answer.strip()):
        raise WrongAnswerError("Secret 是一串 43 位左右的字母、数字、横线; 或写 @文件路径")
    return answer.strip()


def _base_url(answer: str) -> str:
    address = answer.strip().rstrip("/")
    if not _BASE_URL.fullmatch(address):
        raise WrongAnswerError("应为 https:// 加域名, 不带路径")
    return address


def _database(answer: str) -> str:
    if answer.strip() != "sqlite" and not answer.startswith(("postgresql://", "postgresql+")):
        raise WrongAnswerError("写 sqlite, 或以 postgresql:// 开头的地址")
    return answer.strip()


def _some_people(answer: str) -> str:
    people = people_of(answer)
    if not people:
        raise WrongAnswerError("至少写一个人: 账号 姓名")
    return ", ".join(f"{one.userid} {one.name}" for one in people)


def _robots(answer: str) -> str:
    robots_of(answer)
    return answer.strip()


def _yes_or_no(answer: str) -> str:
    word = answer.strip().casefold()
    if word not in (*_YES, *_NO):
        raise WrongAnswerError("请答 是 或 否")
    return "是" if word in _YES else "否"
