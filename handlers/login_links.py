"""给张三一个登录链接: the office lets somebody in who has no WeCom, once."""

from cases.errors import RefusalError
from cases.notices import Notice, ToPerson
from handlers.letting_in import LINK_LIVES, may_give_link, personal_link
from handlers.post import Origin, Post
from handlers.standing import person_named
from handlers.talk import Talk


def give(talk: Talk, name: str) -> str:
    """Make a personal link, and tell the person it is for that somebody did.

    Raises:
        RefusalError: not permitted, nobody of this name, or there are no pages.
    """
    to = person_named(talk, name)
    may_give_link(talk.person, to)
    if not talk.desk.base_url:
        raise RefusalError("还没有设置页面的网址, 请管理员在配置的 [server] 里写 base_url。")
    token = personal_link(talk.work, to, talk.person.userid, talk.now)
    minutes = int(LINK_LIVES.total_seconds() // 60)
    if to.userid != talk.person.userid:
        text = f"{talk.person.name}为您开了一个督办页面的登录链接。不是您要的, 请马上告诉管理员。"
        notice = Notice(ToPerson(to.userid), text, "login-link", "开登录链接, 告知本人")
        Post(talk.work, talk.desk, talk.now).tell((notice,), Origin("inbox", talk.key, "link"))
    return (
        f"{to.name}的登录链接, {minutes} 分钟内有效, 只能用一次, 请只转给本人:\n"
        f"{talk.desk.base_url}/sign-in/link/{token}"
    )
