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


def test_the_list_of_changes_says_what_undoing_would_restore(pages: Pages) -> None:
    admin = pages.as_("admin")
    do(admin, "unit", "shengtai", name="市生态环境局", duties="污染、臭味", state="使用")
    do(admin, "person", "tangbo", **person(name="唐波", roles="单位分管领导", phone="0728-8110777"))
    do(admin, "days", first="2026-12-07", last="2026-12-08", meant="放假")
    do(admin, "days", first="2026-12-07", last="2026-12-07", meant="恢复原安排")
    do(admin, "person", "", **person(userid="xinren", name="新人", roles="信息员", unit=""))
    text = admin.text("/admin")
    for says in (
        "撤销会恢复: 别称 生环局、环保局、环保",
        "撤销会恢复: 原电话",
        "撤销会恢复: 2 天, 按原安排",
        "撤销会恢复: 1 天, 放假",
        "撤销会恢复: 之前没有",
    ):
        assert says in text, says
    assert "0000-8110103" not in text
    assert "撤销" in pages.as_("sunlei").text("/admin")  # of days, which he may change too
    assert "唐波" not in pages.as_("sunlei").text("/admin")
    older = admin.text(f"/admin?before={latest(pages) - 3}")
    assert "新增人员 新人" not in older


def test_a_table_is_taken_in_as_a_file(pages: Pages) -> None:
    office = pages.as_("sunlei")
    csrf = office.hidden("/sessions")["csrf"]
    table = "人员,开始,结束\n赵敏,2026-12-20 18:00,2026-12-21 08:30\n".encode("gb18030")
    sent = {"csrf": csrf, "subject": "", "step": "look", "rows": ""}
    shown = office.post("/admin/do/roster", sent, files={"file": ("班.csv", table)})
    assert "加上: 赵敏 12月20日 18:00" in words(shown.text)
    assert confirm(office, shown).status_code == 303
    broken = office.post("/admin/do/roster", sent, files={"file": ("班.xlsx", b"PK\x03\x04x")})
    assert broken.status_code == 422
    assert "文件已损坏" in words(broken.text)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"person": "nobody"}, "值班人不在名录里"),
        ({"start": "2026-11-20T09:59"}, "开始应在现在之后"),
        ({"start": "2026-11-20T10:01"}, ""),
        ({"start": "", "end": ""}, "请填时间"),
        ({"start": "今晚"}, "时间请写成"),
        ({"start": "2028-01-01T00:00", "end": "2028-01-01T08:00"}, "400 天以内"),
        ({"start": "2026-11-20T18:00", "end": "2026-11-23T18:01"}, "最长 72 小时"),
        ({"start": "2026-11-20T18:00", "end": "2026-11-23T18:00"}, ""),
    ],
)
def test_a_shift_has_its_borders(pages: Pages, given: dict[str, str], says: str) -> None:
    whole = {"person": "sunlei", "start": "2026-11-20T18:00", "end": "2026-11-20T20:00"} | given
    answer = look(pages.as_("sunlei"), "shift", **whole)
    assert (answer.status_code == 422) is bool(says), words(answer.text)
    assert says in words(answer.text)


def test_a_shift_is_taken_out_and_its_gap_is_told_beforehand(pages: Pages) -> None:
    office = pages.as_("sunlei")
    do(office, "shift", person="zhaomin", start="2026-11-20T11:00", end="2026-11-20T12:00")
    with pages.office.database.read() as work:
        ahead = work.roster.shifts(pages.office.now, pages.office.now + timedelta(hours=3))
    number = next(str(one.id) for one in ahead if one.userid == "zhaomin")
    given = {"person": "zhaomin", "start": "2026-11-20T11:00", "end": "2026-11-20T12:00"}
    assert "和现在一样" in words(look(office, "shift", number, keep="保留", **given).text)
    shown = look(office, "shift", number, keep="取消这一班", **given)
    assert "去掉: 赵敏 11:00 至 12:00" in words(shown.text)
    confirm(office, shown)
    assert undo(office, latest(pages)).status_code == 303


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"id": "", "name": "某局"}, "单位代号应为"),
        ({"id": "renshe", "name": "某局"}, "单位代号 renshe 已有"),
        ({"id": "x", "name": ""}, "名称应为"),
        ({"id": "x", "name": "长" * 40}, ""),
        ({"id": "x", "name": "长" * 41}, "名称应为"),
        ({"id": "x", "name": "某局", "duties": "长" * 20}, ""),
        ({"id": "x", "name": "某局", "duties": "长" * 21}, "职责词最多 80 个"),
        ({"id": "x", "name": "某局", "robot": "长" * 41}, "群机器人的名称"),
        ({"id": "x", "name": "某局", "state": ""}, "状态请选"),
    ],
)
def test_a_unit_has_its_borders(pages: Pages, given: dict[str, str], says: str) -> None:
    answer = look(pages.as_("admin"), "unit", "", **({"state": "使用"} | given))
    assert (answer.status_code == 422) is bool(says), words(answer.text)
    assert says in words(answer.text)


@pytest.mark.parametrize(
    ("key", "given", "says"),
    [
        ("source", {"name": ""}, "来源名称应为"),
        ("source", {"name": "长" * 32}, ""),
        ("source", {"name": "长" * 33}, "来源名称应为"),
        ("robot-test", {}, "没有这个群机器人"),
        ("source-end", {}, "没有这个密钥"),
    ],
)
def test_keys_and_robots_have_their_borders(
    pages: Pages, key: str, given: dict[str, str], says: str
) -> None:
    answer = look(pages.as_("admin"), key, "", **given)
    assert (answer.status_code == 200) is not bool(says)
    assert says in words(answer.text)
