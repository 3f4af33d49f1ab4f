"""What people do through the control API: groups nobody hears, presses, events, who may what."""

from tests.bot.sandbox.playground import GROUP, Playground
from tests.bot.sandbox.test_app_messages import CARD

APP = 1000002


def _send_card(corp: Playground, **more: object) -> str:
    card = {**CARD, **more}
    return str(corp.send("lisi|wangwu", msgtype="template_card", template_card=card)["msgid"])


def test_what_is_said_in_a_group_is_seen_there_and_heard_by_no_robot(corp: Playground) -> None:
    done = corp.control("say", userid="lisi", group=GROUP, text="收到")
    assert done["note"] == "机器人听不到群里的普通消息, 请私聊应用「督办」"
    (message,) = corp.seen_by("wangwu")
    assert (message["author"], message["text"], message["note"]) == ("lisi", "收到", done["note"])
    assert corp.inbox.heard == []
    assert corp.log(kind="unheard")[0]["place"] == f"group:{GROUP}"


def test_only_members_speak_in_a_group(corp: Playground) -> None:
    assert corp.refused("say", userid="zhangsan", group=GROUP, text="好")[0] == 403
    assert corp.refused("say", userid="lisi", group="没有的群", text="好")[0] == 404
    assert corp.refused("say", userid="lisi", place="chat:none", text="好")[0] == 404
    assert corp.refused("say", userid="lisi", place=f"group:{GROUP}", text=" ")[0] == 400


def test_a_press_tells_the_app_with_a_fresh_code_each_time(corp: Playground) -> None:
    _send_card(corp)
    codes = set()
    for userid in ("lisi", "lisi", "wangwu"):
        assert corp.control("press", userid=userid, task_id="m-1", key="sign")["delivered"] is True
        heard = corp.inbox.last()
        assert (heard["Event"], heard["EventKey"]) == ("template_card_event", "sign")
        assert (heard["TaskId"], heard["CardType"]) == ("m-1", "button_interaction")
        assert (heard["FromUserName"], "MsgId" in heard) == (userid, False)
        codes.add(heard["ResponseCode"])
    assert len(codes) == 3
    body = {"agentid": APP, "response_code": codes.pop(), "atall": 1}
    body["button"] = {"replace_name": "已签收"}
    assert corp.post("message/update_template_card", body)["errcode"] == 0


def test_a_button_that_was_replaced_cannot_be_pressed(corp: Playground) -> None:
    msgid = _send_card(corp)
    corp.control("press", userid="lisi", msgid=msgid, key="sign")
    code = corp.inbox.last()["ResponseCode"]
    body = {"agentid": APP, "response_code": code, "userids": ["lisi"]}
    corp.post("message/update_template_card", {**body, "button": {"replace_name": "已签收"}})
    status, words = corp.refused("press", userid="lisi", msgid=msgid, key="sign")
    assert (status, "已签收" in words) == (409, True)
    assert corp.control("press", userid="wangwu", msgid=msgid, key="back")["delivered"] is True


def test_a_stranger_may_only_press_a_card_passed_on_to_him(corp: Playground) -> None:
    _send_card(corp)
    press = {"userid": "zhangsan", "task_id": "m-1", "key": "sign"}
    assert corp.refused("press", **press)[0] == 403
    assert corp.control("press", **press, forwarded=True)["delivered"] is True
    assert corp.inbox.last()["FromUserName"] == "ZhangSan"


def test_presses_that_make_no_sense_are_refused(corp: Playground) -> None:
    msgid = _send_card(corp)
    text = corp.send("lisi")["msgid"]
    assert corp.refused("press", userid="lisi", msgid=msgid, key="other")[0] == 404
    assert corp.refused("press", userid="lisi", msgid=text, key="sign")[0] == 404
    assert corp.refused("press", userid="lisi", task_id="none", key="sign")[0] == 404
    assert corp.refused("press", userid="nobody", msgid=msgid, key="sign")[0] == 404
    corp.post("message/recall", {"msgid": msgid})
    assert corp.refused("press", userid="lisi", msgid=msgid, key="sign")[0] == 409


def test_the_menu_of_a_card_and_its_selection_reach_the_app(corp: Playground) -> None:
    menu = {"desc": "更多", "action_list": [{"text": "转", "key": "move"}]}
    _send_card(corp, action_menu=menu)
    corp.control("press", userid="lisi", task_id="m-1", key="move", selected={"q": ["1"]})
    assert (corp.inbox.last()["Event"], "SelectedItems" in corp.inbox.last()) == (
        "template_card_menu_event",
        False,
    )
    chosen = {"q1": ["1", "2"], "q2": ["]]>"]}
    corp.control("press", userid="lisi", task_id="m-1", key="sign", selected=chosen)
    items = corp.inbox.last()["SelectedItems"]["SelectedItem"]
    assert [one["QuestionKey"] for one in items] == ["q1", "q2"]
    assert items[0]["OptionIds"]["OptionId"] == ["1", "2"]
    assert items[1]["OptionIds"]["OptionId"] == "]]>"


def test_any_event_can_be_raised(corp: Playground) -> None:
    corp.control("event", userid="lisi", agentid=APP, event="click", key="menu-1")
    heard = corp.inbox.last()
    assert (heard["Event"], heard["EventKey"], heard["MsgType"]) == ("click", "menu-1", "event")
    fields = {"Latitude": "23.1", "AppType": "wxwork"}
    corp.control("event", userid="lisi", agentid=APP, event="LOCATION", fields=fields)
    assert corp.inbox.last()["Latitude"] == "23.1"
    assert corp.refused("event", userid="lisi", agentid=APP, event="")[0] == 400


def test_who_leaves_is_out_of_reach_until_he_is_back(corp: Playground) -> None:
    corp.control("event", userid="lisi", agentid=APP, event="unsubscribe")
    assert corp.send("lisi|wangwu")["invaliduser"] == "lisi"
    assert corp.get("user/get", access_token=corp.token(), userid="lisi")["errcode"] == 60111
    assert corp.refused("say", userid="lisi", agentid=APP, text="好")[0] == 409
    corp.control("event", userid="lisi", agentid=APP, event="subscribe")
    assert "invaliduser" not in corp.send("lisi")


def test_messages_that_make_no_sense_are_refused(corp: Playground) -> None:
    assert corp.refused("say", userid="lisi", agentid=APP, text="")[0] == 400
    assert corp.refused("say", userid="lisi", agentid=9, text="好")[0] == 404
    assert corp.refused("say", userid="lisi", agentid=1000003, text="好")[0] == 403
    assert "文件" in corp.refused("say", userid="lisi", agentid=APP, msgtype="file")[1]
    assert corp.refused("forward", userid="lisi", agentid=APP, title="题")[0] == 400
    assert corp.client.post("/sandbox/say", content=b"{").status_code == 400
    assert corp.client.post("/sandbox/say", json=[]).status_code == 400


def test_another_site_may_not_drive_the_sandbox(corp: Playground) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert corp.client.get("/sandbox/state", headers=headers).status_code == 403


def test_an_app_without_a_callback_address_hears_nothing(corp: Playground) -> None:
    done = corp.control("say", userid="zhangsan", agentid=1000003, text="好")
    assert "接收消息的地址" in done["note"]
    done = corp.control("event", userid="zhangsan", agentid=1000003, event="click")
    assert "接收消息的地址" in done["note"]


def test_what_a_person_sees_comes_with_the_conversations_and_counts(corp: Playground) -> None:
    corp.send("lisi")
    corp.control("say", userid="lisi", group=GROUP, text="好")
    answer = corp.client.get("/sandbox/messages", params={"viewer": "LiSi"}).json()
    assert [one["place"] for one in answer["places"]] == ["app:1000002", f"group:{GROUP}"]
    assert answer["received"] == {"lisi": 1, "wangwu": 1}
    later = {"viewer": "lisi", "after": answer["version"]}
    assert corp.client.get("/sandbox/messages", params=later).json()["messages"] == []
    assert corp.client.get("/sandbox/messages", params={"viewer": "x"}).status_code == 404


def test_the_state_names_people_groups_and_apps(corp: Playground) -> None:
    state = corp.client.get("/sandbox/state").json()
    assert [one["name"] for one in state["members"]] == ["张三", "李四", "王五", "赵六"]
    assert state["groups"] == [{"name": GROUP, "members": ["lisi", "wangwu"]}]
    assert [one["callback"] for one in state["apps"]] == [True, False]
