"""Group robots and app chats over HTTP."""

import base64
import hashlib

import pytest

from tests.bot.sandbox.playground import GROUP, PNG, ROBOT, Json, Playground

NOTICE: Json = {
    "card_type": "text_notice",
    "main_title": {"title": "通知"},
    "card_action": {"type": 1, "url": "https://example.com"},
}


def _text(content: str = "好", **more: object) -> Json:
    return {"msgtype": "text", "text": {"content": content, **more}}


def _picture(data: bytes, md5: str = "") -> Json:
    digest = md5 or hashlib.md5(data, usedforsecurity=False).hexdigest()
    image = {"base64": base64.b64encode(data).decode(), "md5": digest}
    return {"msgtype": "image", "image": image}


def test_a_post_is_seen_by_the_group_and_mentions_whom_it_names(corp: Playground) -> None:
    answer = corp.robot(_text("请 <@LiSi> 看", mentioned_list=["wangwu", "@all"]))
    assert answer == {"errcode": 0, "errmsg": "ok"}
    (message,) = corp.seen_by("lisi")
    assert message["place"] == f"group:{GROUP}"
    assert message["mentions"] == ["wangwu", "@all", "lisi"]
    assert corp.seen_by("zhangsan") == []
    (line,) = corp.log("webhook/send")
    assert (line["robot"], line["group"]) == (ROBOT, GROUP)
    assert line["mentions"] == ["wangwu", "@all", "lisi"]
    assert line["shown_to"] == ["lisi", "wangwu"]


def test_markdown_mentions_by_userid_and_markdown_v2_mentions_nobody(corp: Playground) -> None:
    corp.robot({"msgtype": "markdown", "markdown": {"content": "<@lisi> [看](https://a.cn/x)"}})
    corp.robot({"msgtype": "markdown_v2", "markdown_v2": {"content": "<@lisi>"}})
    first, second = corp.log("webhook/send")
    assert (first["mentions"], first["links"]) == (["lisi"], ["https://a.cn/x"])
    assert second["mentions"] == []


def test_an_unknown_key_is_refused(corp: Playground) -> None:
    answer = corp.robot(_text(), key="made-up")
    assert answer["errcode"] == 93000
    assert answer["errmsg"].startswith("invalid webhook url, hint: [")


def test_the_twenty_first_post_in_a_minute_is_refused(corp: Playground) -> None:
    codes = [corp.robot(_text(f"第 {n} 条"))["errcode"] for n in range(21)]
    assert codes == [0] * 20 + [45009]
    corp.advance(60)
    assert corp.robot(_text())["errcode"] == 0


@pytest.mark.parametrize(
    ("msgtype", "limit"), [("text", 2048), ("markdown", 4096), ("markdown_v2", 4096)]
)
def test_a_post_too_long_is_refused_not_cut(city: Playground, msgtype: str, limit: int) -> None:
    def errcode(length: int) -> int:
        return int(city.robot({"msgtype": msgtype, msgtype: {"content": "x" * length}})["errcode"])

    assert [errcode(limit + step) for step in (-1, 0, 1)] == [0, 0, 40058]


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"msgtype": "text", "text": {}}, 44004),
        ({"msgtype": "fax"}, 40008),
        (_picture(PNG, md5="0" * 32), 301019),
        (_picture(b"no picture"), 40123),
        (_picture(b""), 44001),
        (_picture(PNG + bytes(2 * 1024 * 1024)), 93018),
        ({"msgtype": "image", "image": {"base64": "***"}}, 40123),
        ({"msgtype": "file", "file": {"media_id": "none"}}, 40007),
        ({"msgtype": "template_card", "template_card": {"card_type": "vote_interaction"}}, 42031),
        ({"msgtype": "news", "news": {"articles": []}}, 45008),
    ],
)
def test_a_post_the_platform_refuses(city: Playground, body: Json, errcode: int) -> None:
    assert city.robot(body)["errcode"] == errcode


@pytest.mark.parametrize(
    "body",
    [
        _picture(PNG),
        {"msgtype": "template_card", "template_card": NOTICE},
        {"msgtype": "news", "news": {"articles": [{"title": "题", "url": "https://a.cn"}]}},
    ],
)
def test_a_complete_post_is_taken(city: Playground, body: Json) -> None:
    assert city.robot(body)["errcode"] == 0


def test_an_empty_body_is_refused(city: Playground) -> None:
    answer = city.client.post("/cgi-bin/webhook/send", params={"key": ROBOT}, content=b"")
    assert answer.json()["errcode"] == 93017


def test_a_robots_card_comes_once_for_each_task(corp: Playground) -> None:
    body = {"msgtype": "template_card", "template_card": {**NOTICE, "task_id": "t-1"}}
    assert [corp.robot(body)["errcode"] for _ in range(2)] == [0, 42014]


def test_a_robots_file_is_its_own(corp: Playground) -> None:
    files = {"media": ("报告.docx", b"document", "application/octet-stream")}
    query = {"key": ROBOT, "type": "file"}
    held = corp.client.post("/cgi-bin/webhook/upload_media", params=query, files=files).json()
    assert (held["errcode"], held["type"], isinstance(held["created_at"], str)) == (0, "file", True)
    file = {"media_id": held["media_id"]}
    assert corp.robot({"msgtype": "file", "file": file})["errcode"] == 0
    assert corp.seen_by("lisi")[0]["part"]["name"] == "报告.docx"
    assert corp.send(msgtype="file", file=file)["errcode"] == 40007
    query["type"] = "video"
    wrong = corp.client.post("/cgi-bin/webhook/upload_media", params=query, files=files)
    assert wrong.json()["errcode"] == 40005


def _create(corp: Playground, **more: object) -> Json:
    plain = {"name": "007 专班", "owner": "lisi", "userlist": ["lisi", "WangWu"], "chatid": "c7"}
    return corp.post("appchat/create", {**plain, **more})


def test_a_chat_is_invisible_until_something_is_said(corp: Playground) -> None:
    assert _create(corp) == {"errcode": 0, "errmsg": "ok", "chatid": "c7"}
    assert "chat:c7" not in _places(corp, "lisi")
    body = {"chatid": "c7", **_text("开会", mentioned_list=["lisi"])}
    assert corp.post("appchat/send", body) == {"errcode": 0, "errmsg": "ok"}
    assert "chat:c7" in _places(corp, "wangwu")
    assert corp.seen_by("wangwu")[0]["mentions"] == ["lisi"]


def _places(corp: Playground, viewer: str) -> set[str]:
    answer = corp.client.get("/sandbox/messages", params={"viewer": viewer}).json()
    return {one["place"] for one in answer["places"]}


def test_a_chat_changes_its_name_owner_and_members(corp: Playground) -> None:
    _create(corp)
    change = {"chatid": "c7", "name": "新名", "owner": "zhangsan", "add_user_list": ["ZhangSan"]}
    assert corp.post("appchat/update", {**change, "del_user_list": ["lisi"]})["errcode"] == 0
    got = corp.get("appchat/get", access_token=corp.token(), chatid="c7")["chat_info"]
    assert (got["name"], got["owner"], got["userlist"]) == (
        "新名",
        "zhangsan",
        ["wangwu", "zhangsan"],
    )


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"chatid": "有空 格"}, 86001),
        ({"userlist": ["lisi"]}, 86203),
        ({"userlist": ["lisi", "nobody"]}, 86216),
        ({"owner": "zhangsan"}, 86202),
    ],
)
def test_a_chat_the_platform_refuses(city: Playground, change: Json, errcode: int) -> None:
    assert _create(city, **{"chatid": "fresh", **change})["errcode"] == errcode


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"chatid": "none"}, 86003),
        ({"del_user_list": ["lisi"]}, 86203),
        ({"owner": "zhangsan"}, 86202),
        ({"add_user_list": ["nobody"]}, 86216),
    ],
)
def test_a_change_the_platform_refuses(corp: Playground, change: Json, errcode: int) -> None:
    _create(corp)
    assert _create(corp)["errcode"] == 86215
    assert corp.post("appchat/update", {"chatid": "c7", **change})["errcode"] == errcode


def test_a_chat_takes_no_cards_and_belongs_to_its_app(corp: Playground) -> None:
    _create(corp)
    card = {"chatid": "c7", "msgtype": "template_card", "template_card": NOTICE}
    assert corp.post("appchat/send", card)["errcode"] == 40008
    token = corp.token("t" * 43)
    answer = corp.post("appchat/send", {"chatid": "c7", **_text()}, access_token=token)
    assert answer["errcode"] == 48002
