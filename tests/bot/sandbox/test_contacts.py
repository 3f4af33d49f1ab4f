"""Contacts, media, menus and sign-in over HTTP."""

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.sandbox.media import read_upload
from tests.bot.sandbox.playground import CORPID, PNG, Json, Playground


def _get(corp: Playground, api: str, **query: str) -> Json:
    return corp.get(api, access_token=corp.token(), **query)


def test_a_member_is_described_without_phone_and_mail(city: Playground) -> None:
    held = _get(city, "user/get", userid="LISI")
    assert (held["userid"], held["name"], held["position"]) == ("lisi", "李四", "联络员")
    assert not {"mobile", "email", "gender", "avatar"} & set(held)


def test_departments_hold_their_members(city: Playground) -> None:
    listed = _get(city, "department/list")["department"]
    assert [(one["id"], one["name"]) for one in listed[:3]] == [
        (1, "云溪市"),
        (2, "市网信办"),
        (3, "市住建局"),
    ]
    users = _get(city, "user/simplelist", department_id="3")["userlist"]
    assert [one["userid"] for one in users] == ["lisi", "wangwu"]
    everyone = _get(city, "user/list", department_id="1", fetch_child="1")["userlist"]
    assert len(everyone) == 4
    assert _get(city, "user/list", department_id="1")["userlist"] == []
    assert len(_get(city, "user/list", department_id="3", fetch_child="1")["userlist"]) == 2


@pytest.mark.parametrize(
    ("api", "query", "errcode"),
    [
        ("user/get", {"userid": "nobody"}, 60111),
        ("user/list", {"department_id": "99"}, 60003),
        ("department/get", {"id": "99"}, 60003),
        ("media/get", {"media_id": "none"}, 40007),
        ("auth/getuserinfo", {"code": "made-up"}, 40029),
        ("agent/get", {"agentid": "9"}, 301002),
        ("appchat/get", {"chatid": "none"}, 86003),
        ("department/get", {"id": "2"}, 0),
        ("department/simplelist", {}, 0),
        ("tag/list", {}, 0),
        ("getcallbackip", {}, 0),
        ("get_api_domain_ip", {}, 0),
        ("get_jsapi_ticket", {}, 0),
        ("ticket/get", {"type": "agent_config"}, 0),
        ("agent/get", {"agentid": "1000002"}, 0),
        ("menu/get", {}, 0),
    ],
)
def test_small_lookups(city: Playground, api: str, query: dict[str, str], errcode: int) -> None:
    assert _get(city, api, **query)["errcode"] == errcode


def test_an_app_sees_only_its_range(city: Playground) -> None:
    token = city.token("t" * 43)
    assert city.get("user/get", access_token=token, userid="lisi")["errcode"] == 60011
    assert city.get("user/get", access_token=token, userid="zhangsan")["errcode"] == 0


def test_numbers_and_lists_of_ids_need_more_rights(city: Playground) -> None:
    assert city.post("user/list_id", {})["errcode"] == 48002
    assert city.post("user/getuserid", {"mobile": "13800000000"})["errcode"] == 46004


def test_encrypted_ids_are_turned_back(city: Playground) -> None:
    there = city.post("batch/userid_to_openuserid", {"userid_list": ["lisi", "x"]})
    assert there["invalid_userid_list"] == ["x"]
    opened = there["open_userid_list"][0]["open_userid"]
    assert opened.startswith("wo")
    back = city.post("batch/openuserid_to_userid", {"open_userid_list": [opened, "wo-none"]})
    assert back["userid_list"] == [{"open_userid": opened, "userid": "lisi"}]
    assert back["invalid_open_userid_list"] == ["wo-none"]
    empty = city.post("batch/openuserid_to_userid", {"open_userid_list": []})
    assert empty["errcode"] == 40032


def test_a_menu_is_kept_shown_and_deleted(corp: Playground) -> None:
    menu = {"button": [{"type": "click", "name": "我的待办", "key": "todo"}]}
    assert corp.post("menu/create", menu, access_token=corp.token(), agentid="1000002") == {
        "errcode": 0,
        "errmsg": "ok",
    }
    assert _get(corp, "menu/get")["button"] == menu["button"]
    places = corp.client.get("/sandbox/messages", params={"viewer": "lisi"}).json()["places"]
    assert places[0]["menu"] == menu
    assert _get(corp, "menu/delete")["errcode"] == 0
    assert "button" not in _get(corp, "menu/get")
    assert corp.post("menu/create", {"button": []})["errcode"] == 40016


def _upload(corp: Playground, data: bytes, kind: str = "file", field: str = "media") -> Json:
    files = {field: ("报告.pdf", data, "application/pdf")}
    query = {"access_token": corp.token(), "type": kind}
    return dict(corp.client.post("/cgi-bin/media/upload", params=query, files=files).json())


def test_a_file_is_kept_for_three_days(corp: Playground) -> None:
    data = b"%PDF\r\n--almost a boundary\r\n" + bytes(range(256))
    held = _upload(corp, data)
    assert (held["errcode"], held["errmsg"], held["created_at"].isdigit()) == (0, "", True)
    query = {"access_token": corp.token(), "media_id": held["media_id"]}
    answer = corp.client.get("/cgi-bin/media/get", params=query)
    assert answer.content == data
    assert "%E6%8A%A5" in answer.headers["Content-Disposition"]
    assert corp.send(msgtype="file", file={"media_id": held["media_id"]})["errcode"] == 0
    corp.advance(3 * 86400)
    assert _get(corp, "media/get", media_id=held["media_id"])["errcode"] == 40145


@pytest.mark.parametrize(
    ("data", "kind", "errcode"),
    [
        (b"12345", "file", 40006),
        (b"123456", "file", 0),
        (b"123456", "fax", 40005),
        (b"123456", "image", 40123),
        (PNG, "image", 0),
        (bytes(2 * 1024 * 1024), "voice", 0),
        (bytes(2 * 1024 * 1024 + 1), "voice", 45001),
        (bytes(25 * 1024 * 1024), "file", 45001),
    ],
)
def test_an_upload_has_its_limits(city: Playground, data: bytes, kind: str, errcode: int) -> None:
    assert _upload(city, data, kind)["errcode"] == errcode


def test_an_upload_needs_the_field_media(city: Playground) -> None:
    assert _upload(city, b"123456", field="file")["errcode"] == 44001
    assert city.post("media/upload", {}, access_token=city.token(), type="file")["errcode"] == 44001


def test_a_picture_is_sent_as_picture_and_no_other_kind(city: Playground) -> None:
    media_id = _upload(city, PNG, "image")["media_id"]
    assert city.send(msgtype="image", image={"media_id": media_id})["errcode"] == 0
    assert city.send(msgtype="voice", voice={"media_id": media_id})["errcode"] == 40007
    answer = city.client.get(f"/sandbox/media/{media_id}")
    assert (answer.headers["content-type"], answer.content) == ("image/png", PNG)
    assert city.client.get("/sandbox/media/none").status_code == 404


def test_a_boundary_in_quotes_is_read() -> None:
    head = b'Content-Disposition: form-data; name="media";filename="w.txt"'
    body = b"--a b\r\n" + head + b"\r\n\r\nhi\r\n--a b--"
    upload = read_upload(body, 'multipart/form-data; boundary="a b"')
    assert (upload.name, upload.data) == ("w.txt", b"hi")


AUTHORIZE = {
    "appid": CORPID,
    "redirect_uri": "https://duban.example/login?next=1",
    "response_type": "code",
    "scope": "snsapi_base",
    "state": "abc123",
    "agentid": "1000002",
}


def _code(corp: Playground, userid: str = "lisi", **more: str) -> str:
    answer = corp.client.get(
        "/connect/oauth2/authorize", params={**AUTHORIZE, "sandbox_userid": userid, **more}
    )
    assert answer.status_code == 302
    back = urlsplit(answer.headers["location"])
    query = parse_qs(back.query)
    assert (back.hostname, query["next"], query["state"]) == ("duban.example", ["1"], ["abc123"])
    return query["code"][0]


def test_a_member_signs_in_once_with_a_code(corp: Playground) -> None:
    page = corp.client.get("/connect/oauth2/authorize", params=AUTHORIZE)
    assert "李四" in page.text
    code = _code(corp)
    assert _get(corp, "auth/getuserinfo", code=code)["userid"] == "lisi"
    assert _get(corp, "auth/getuserinfo", code=code)["errcode"] == 42022


@pytest.mark.parametrize(("seconds", "errcode"), [(295, 0), (301, 42003)])
def test_a_code_lives_five_minutes(corp: Playground, seconds: float, errcode: int) -> None:
    code = _code(corp)
    corp.advance(seconds)
    assert _get(corp, "auth/getuserinfo", code=code)["errcode"] == errcode


def test_the_older_form_and_the_private_details(corp: Playground) -> None:
    assert _get(corp, "user/getuserinfo", code=_code(corp))["UserId"] == "lisi"
    code = _code(corp, scope="snsapi_privateinfo")
    ticket = _get(corp, "auth/getuserinfo", code=code)["user_ticket"]
    assert corp.post("auth/getuserdetail", {"user_ticket": ticket})["userid"] == "lisi"
    assert corp.post("auth/getuserdetail", {"user_ticket": "x"})["errcode"] == 84014


@pytest.mark.parametrize(
    "change",
    [
        {"appid": "other"},
        {"agentid": "9"},
        {"agentid": "x"},
        {"state": "a b"},
        {"scope": "all"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "/relative"},
        {"sandbox_userid": "nobody"},
    ],
)
def test_a_sign_in_that_cannot_be_meant_is_refused(
    city: Playground, change: dict[str, str]
) -> None:
    for path in ("/connect/oauth2/authorize", "/wwlogin/sso/login"):
        assert city.client.get(path, params={**AUTHORIZE, **change}).status_code == 400
