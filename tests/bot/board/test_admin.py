"""管理: who may, what is shown before it is done, what is written down, and what can be undone."""

import re
from datetime import timedelta

import pytest

from storage.states import OutboxState
from tests.support.admin_forms import confirm, do, latest, look, undo
from tests.support.pages import Pages, audited, words


def person(**more: object) -> dict[str, object]:
    given = {
        "name": "刘洋",
        "roles": "责任单位联络员",
        "unit": "chengguan",
        "deputy": "否",
        "state": "在岗",
        "phone": "",
    }
    return given | more


PAGES = ("/admin", "/admin/people", "/admin/doors", "/admin/duty", "/admin/days")


@pytest.mark.parametrize("path", PAGES)
def test_whoever_may_not_is_turned_away_and_it_is_written_down(pages: Pages, path: str) -> None:
    for who in ("zhaomin", "liuyang", "wangxiaoyu", "wangjianping"):
        answer = pages.as_(who).get(path)
        assert answer.status_code == 403
        assert "由管理员使用" in words(answer.text)
        assert audited(pages, "admin.open")[-1] == (who, "denied")
    assert pages.as_("admin").get(path).status_code == 200
    of_office = path not in ("/admin/people", "/admin/doors")
    assert pages.as_("sunlei").get(path).status_code == (200 if of_office else 403)


def test_the_menu_shows_the_administration_to_whom_it_is_open(pages: Pages) -> None:
    assert 'href="/admin"' in pages.as_("sunlei").get("/").text
    assert 'href="/admin"' not in pages.as_("zhaomin").get("/").text
    assert 'href="/admin/people"' not in pages.as_("sunlei").get("/admin").text


def test_a_change_needs_our_own_form_of_this_very_session(pages: Pages) -> None:
    admin, other = pages.as_("admin"), pages.as_("sunlei").hidden("/sessions")["csrf"]
    given = {"step": "look", "subject": "liuyang"} | person()
    for csrf in ("", "x", other):
        assert admin.post("/admin/do/person", given | {"csrf": csrf}).status_code == 403
    mine = admin.hidden("/sessions")["csrf"]
    foreign = admin.post("/admin/do/person", given | {"csrf": mine}, "https://evil.example")
    assert foreign.status_code == 403
    assert look(pages.as_("sunlei"), "person", "liuyang", **person()).status_code == 403


def test_who_leaves_is_shown_with_whose_clocks_pass_to_whom_then_done_then_undone(
    pages: Pages,
) -> None:
    admin = pages.as_("admin")
    number = pages.case()
    shown = look(admin, "person", "liuyang", **person(state="停用"))
    text = words(shown.text)
    assert "停用人员 刘洋" in text
    assert re.search("刘洋名下 [1-9] 个在办时限将转给副联络员", text)
    assert "【人员变动】刘洋" in text
    with pages.office.database.read() as work:
        assert work.people.person("liuyang") is not None  # only looked at
        assert work.outbox.counts(pages.office.now - timedelta(days=1))[OutboxState.NEW] == 0
    answer = confirm(admin, shown)
    assert answer.headers["location"] == "/admin/people"
    said = admin.text("/admin/people")
    assert "已办: 停用人员 刘洋" in said
    with pages.office.database.read() as work:
        assert work.people.person("liuyang") is None
    assert audited(pages, "admin.person")[-1] == ("admin", "done")
    told = [one.to for one in pages.office.leaving() if "接办" in one.text]
    assert told
    again = confirm(admin, shown)  # pressed twice
    assert again.status_code == 409
    change = latest(pages)
    assert undo(admin, change).status_code == 303
    with pages.office.database.read() as work:
        here = work.people.person("liuyang")
    assert here is not None
    assert here.unit_id == "chengguan"
    assert "已由第" in admin.text("/admin")
    assert admin.get(f"/admin/undo/{change}").status_code == 409
    assert number in pages.as_("liuyang").get("/board").text


def test_wrong_fields_are_named_with_what_is_right_and_what_was_written_stays(
    pages: Pages,
) -> None:
    admin = pages.as_("admin")
    wrong = person(name="", roles="国王", unit="nowhere", phone="12a", deputy="也许", state="")
    answer = look(admin, "person", "liuyang", **wrong)
    text = words(answer.text)
    assert answer.status_code == 422
    for says in (
        "姓名应为 1 到 32 个字",
        "不认识角色「国王」",
        "请从列表里选一个单位",
        "电话应为 4 到 30 个数字",
        "副职请选是或否",
        "状态请选在岗或停用",
    ):
        assert says in text
    assert 'value="12a"' in answer.text
    for userid, is_right in (("a" * 64, True), ("a" * 65, False), ("", False), ("-x", False)):
        answer = look(admin, "person", "", **person(userid=userid, name="新人", roles="信息员"))
        assert (answer.status_code == 200) is is_right, userid
    for name, is_right in (("长" * 32, True), ("长" * 33, False)):
        answer = look(admin, "person", "liuyang", **person(name=name))
        assert (answer.status_code == 200) is is_right
    assert "已有: 刘洋" in words(look(admin, "person", "", **person(userid="LiuYang")).text)
    assert "和现在一样" in words(look(admin, "person", "liuyang", **person()).text)


def test_the_last_administrator_stays(pages: Pages) -> None:
    with pages.office.database.read() as work:
        admin = work.people.person("admin")
    assert admin is not None
    answer = look(
        pages.as_("admin"),
        "person",
        "admin",
        **person(name=admin.name, roles="信息员", unit=""),
    )
    assert "唯一的管理员" in words(answer.text)


def test_phones_are_masked_wherever_they_are_shown(pages: Pages) -> None:
    admin = pages.as_("admin")
    listed = admin.get("/admin/people").text
    form = admin.get("/admin/form/person?subject=zhaomin").text
    shown = look(
        admin,
        "person",
        "zhaomin",
        **person(name="赵敏", roles="值班员", unit="", phone="0728-8119999"),
    )
    for html in (listed, form):
        assert "0000-8110001" not in html
        assert "••••0001" in html
    assert "••••0001 → ••••9999" in words(shown.text)


def test_a_change_somebody_made_in_between_is_shown_anew(pages: Pages) -> None:
    admin = pages.as_("admin")
    shown = look(admin, "unit", "renshe", name="市人社局", duties="欠薪、工资", state="使用")
    do(admin, "unit", "renshe", name="市人力社保局", duties="欠薪", state="使用")
    answer = confirm(admin, shown)
    assert answer.status_code == 200
    assert "还没有改" in words(answer.text)
    assert "市人力社保局 → 市人社局" in words(answer.text)


def test_a_unit_with_people_or_open_cases_stays(pages: Pages) -> None:
    answer = look(pages.as_("admin"), "unit", "chengguan", name="市城管局", state="停用")
    assert "不能停用" in words(answer.text)


def test_new_units_are_proposed_at_the_next_report(pages: Pages) -> None:
    admin = pages.as_("admin")
    do(admin, "unit", "", id="yuanlin", name="市园林局", duties="古树、绿道", state="使用")
    number = pages.reported("滨江绿道古树被锯 省电视台关注")
    assert "市园林局" in pages.as_("sunlei").text(f"/case/{number}")
    assert undo(admin, latest(pages)).status_code == 303
    with pages.office.database.read() as work:
        assert work.people.unit("yuanlin") is None


def test_days_off_are_entered_count_at_the_next_deadline_and_can_be_undone(pages: Pages) -> None:
    office = pages.as_("sunlei")
    html = office.get("/admin/days").text
    assert "推算" in html
    shown = look(office, "days", first="2026-11-23", last="2026-11-24", meant="放假")
    assert "2026-11-23 (周一): 工作日 → 放假" in words(shown.text)
    assert "在办的时限不变" in words(shown.text)
    confirm(office, shown)
    assert 'class="day off holiday own"' in office.get("/admin/days").text
    with pages.office.database.read() as work:
        calendar = pages.office.desk.at(work).days_off
    assert len(calendar.off) == 2
    assert undo(office, latest(pages)).status_code == 303
    with pages.office.database.read() as work:
        assert not pages.office.desk.at(work).days_off.off


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"first": "2026-02-30", "last": "2026-03-01", "meant": "放假"}, "日期请写成"),
        ({"first": "2026-12-02", "last": "2026-12-01", "meant": "放假"}, "应不早于开始"),
        ({"first": "2026-12-01", "last": "2027-01-29", "meant": "放假"}, ""),  # 60 days
        ({"first": "2026-12-01", "last": "2027-01-30", "meant": "放假"}, "最多 60 天"),
        (
            {"first": "2025-12-31", "last": "2025-12-31", "meant": "放假"},
            "只能改 2026 年到 2028 年",
        ),
        ({"first": "2026-12-01", "last": "2026-12-01", "meant": "<b>"}, "请从放假、上班"),
    ],
)
def test_days_have_their_borders(pages: Pages, given: dict[str, object], says: str) -> None:
    answer = look(pages.as_("admin"), "days", **given)
    assert answer.status_code == (422 if says else 200)
    assert says in words(answer.text)


def test_a_roster_is_taken_in_edited_and_given_back(pages: Pages) -> None:
    office = pages.as_("sunlei")
    table = (
        "人员\t开始\t结束\n"
        "赵敏\t2026-11-20 18:00\t2026-11-21 08:30\n"
        "sunlei,2026-11-21 18:00,2026-11-22 08:30\n"
    )
    shown = look(office, "roster", rows=table)
    assert "加上: 赵敏 18:00 至 明天 08:30" in words(shown.text)
    assert "48 小时内" in words(shown.text)
    confirm(office, shown)
    html = office.get("/admin/duty").text
    assert "48 小时内有空档" in html
    number = re.search(r"/admin/form/shift\?subject=([0-9]+)", html)
    assert number is not None
    form = office.get(f"/admin/form/shift?subject={number[1]}").text
    assert 'value="2026-11-20T18:00"' in form
    edited = do(
        office, "shift", number[1], person="sunlei", start="2026-11-20T18:00",
        end="2026-11-21T09:00", keep="保留",
    )  # fmt: skip
    assert "已办: 改一班: 孙磊 18:00 至 明天 09:00" in edited
    assert undo(office, latest(pages)).status_code == 303
    assert "赵敏" in office.text("/admin/duty")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("陌生人,2026-11-20 18:00,2026-11-21 08:30", "第 1 行: 「陌生人」不在名录中"),
        ("赵敏,2026-11-20 18:00", "第 1 行: 应有三列"),
        ("赵敏,今晚,2026-11-21 08:30", "时间「今晚」应写成"),
        ("赵敏,2026-11-21 08:30,2026-11-21 08:30", "结束应晚于开始"),
        ("赵敏,2026-11-21 08:30,2026-11-24 08:30", ""),  # 72 hours
        ("赵敏,2026-11-21 08:30,2026-11-24 08:31", "最长 72 小时"),
        ("赵敏,2026-11-01 08:30,2026-11-01 18:00", "没有现在以后的班"),
    ],
)
def test_rows_of_a_roster_have_their_borders(pages: Pages, row: str, says: str) -> None:
    answer = look(pages.as_("sunlei"), "roster", rows=row)
    assert (answer.status_code == 200) is not bool(says), words(answer.text)
    assert says in words(answer.text)


def test_a_key_is_shown_once_works_at_once_and_is_taken_back(pages: Pages) -> None:
    admin = pages.as_("admin")
    shown = look(admin, "source", name="城市监测")
    answer = confirm(admin, shown)
    key = re.search(r'class="secret"[^>]*>([^<]+)<', answer.text)
    assert key is not None
    with pages.office.database.read() as work:
        assert work.source_keys.holder(key[1]) == "城市监测"
        (kept,) = work.source_keys.all()
    assert confirm(admin, shown).status_code == 409  # the same form gives no second key
    assert key[1] not in admin.get("/admin/doors").text
    assert key[1].encode() not in (pages.folder / "duban.db").read_bytes()
    do(admin, "source-end", str(kept.id))
    with pages.office.database.read() as work:
        assert work.source_keys.holder(key[1]) is None
    assert "已作废" in admin.text("/admin/doors")
    assert admin.get(f"/admin/undo/{latest(pages)}").status_code == 409


def test_a_group_robot_is_tested_by_a_message_in_its_group(pages: Pages) -> None:
    do(pages.as_("admin"), "robot-test", "市城管局")
    (told,) = [one for one in pages.office.leaving() if "【测试】" in one.text]
    assert told.to == "市城管局"
    assert "已发出" in pages.as_("admin").text("/admin/doors")


def test_there_is_no_such_form_or_change(pages: Pages) -> None:
    admin = pages.as_("admin")
    assert admin.get("/admin/form/nothing").status_code == 404
    assert look(admin, "nothing").status_code == 404
    for number in ("0", "999999", "x", "²"):
        assert admin.get(f"/admin/undo/{number}").status_code == 409
