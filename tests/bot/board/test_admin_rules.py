"""规则与催办, 试一试, 审计查询: numbers edited in a draft, tried, put in force, and back again."""

import csv
import io
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from cases.events import Event
from handlers.admin.audit_words import ACTIONS
from handlers.admin.rules_draft import draft_of
from tests.support.admin_forms import confirm, do, latest, look, undo
from tests.support.pages import Browser, Pages, audited, words

HOME = Path(__file__).parents[3]
_REFUSAL = re.compile(r"^class ([A-Za-z]+)\(RefusalError\)", re.MULTILINE)
CLIMB = """30 分钟: 副职
40 分钟: 单位分管领导
50 分钟: 值班员电话通知
1 小时: 办公室主任
90 分钟: 分管领导"""
LADDER = {"before": "10 分钟", "repeat": "10 分钟", "times": "2", "climb": CLIMB}
REPORT = "青禾路积水多日无人管 省电视台记者到场采访"


def level(browser: Browser, name: str = "二级", **changes: str) -> dict[str, object]:
    """The form of a level as it stands, with some fields otherwise."""
    html = browser.get(f"/admin/form/rules-level?subject={name}").text
    values = dict(
        re.findall(r'<input id="f-[^"]+" name="([^"]+)" type="text"[^>]* value="([^"]*)"', html)
    )
    marked = re.findall(r'name="provisional" value="([^"]+)" checked', html)
    assert "签收" in values
    return {**values, "provisional": marked, **changes}


def ladder(**changes: str) -> dict[str, object]:
    return {**LADDER, **changes}


def tried(browser: Browser, text: str = REPORT, **given: object) -> str:
    csrf = browser.hidden("/admin/try")["csrf"]
    return words(browser.post("/admin/try", {"csrf": csrf, "text": text} | given).text)


def tables(pages: Pages) -> dict[str, int]:
    with closing(sqlite3.connect(pages.folder / "duban.db")) as rows:
        names = [n for (n,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {n: rows.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in names}  # noqa: S608


@pytest.mark.parametrize("path", ["/admin/rules", "/admin/try", "/admin/audit"])
def test_whoever_may_not_is_turned_away(pages: Pages, path: str) -> None:
    assert pages.as_("zhaomin").get(path).status_code == 403
    assert pages.as_("admin").get(path).status_code == 200
    assert pages.as_("sunlei").get(path).status_code == (403 if path.endswith("audit") else 200)
    assert look(pages.as_("sunlei"), "rules-time", work="", quiet="").status_code == 403


def test_the_rulebook_stands_in_plain_sentences_with_its_clauses(pages: Pages) -> None:
    text = pages.as_("sunlei").text("/admin/rules")
    for says in (
        "市级三级",
        "city3 第 1 版 (现行)",
        "「已经成为社会关注热点」",
        "自交办起 30 分钟 (暂定)",
        "到期前 10 分钟提醒联络员; 到期时提醒联络员",
        "超 50 分钟仍未办, 请值班员电话通知",
        "工作时段 08:30-12:00、14:00-17:30",
    ):
        assert says in text
    assert 'href="/admin/form/rules-level' not in pages.as_("sunlei").get("/admin/rules").text


def quicker(admin: Browser) -> None:
    """A draft in which 签收 has 20 minutes, and its deputy hears a minute later."""
    shown = look(admin, "rules-level", "二级", **level(admin, 签收="20 分钟"))
    assert "二级 签收: 30 分钟 (暂定) → 20 分钟 (暂定)" in words(shown.text)
    confirm(admin, shown)
    later = CLIMB.replace("30 分", "31 分")
    do(admin, "rules-ladder", "签收30分钟", **ladder(climb=later))


def test_a_draft_changes_nothing_but_can_be_tried(pages: Pages) -> None:
    admin = pages.as_("admin")
    quicker(admin)
    text = admin.text("/admin/rules")
    assert "超 30 分钟仍未办, 提醒副职 → 超 31 分钟仍未办, 提醒副职" in text
    before = tables(pages)
    assert "10:20 前" in tried(admin, version="draft")
    assert "10:51 副职" in tried(admin, version="draft")
    assert "10:30 前" in tried(admin)
    assert tables(pages) == before
    do(admin, "rules-drop")


def test_a_minute_put_in_force_is_followed_applied_and_taken_back(pages: Pages) -> None:
    admin, sunlei = pages.as_("admin"), pages.as_("sunlei")
    old = pages.case()
    quicker(admin)
    shown = look(admin, "rules-use")
    assert "在办 1 件如果也改按新版, 有 1 项时限会变" in words(shown.text)
    confirm(admin, shown)
    assert "city3 第 2 版 (现行)" in admin.text("/admin/rules")
    new = pages.case("北环路塌陷 省电视台采访")
    assert "10:20 前" in sunlei.text(f"/case/{new}")
    assert "10:30 前" in sunlei.text(f"/case/{old}")
    applied = look(sunlei, "rules-apply")
    assert "市城管局签收: 10:30 → 10:20" in words(applied.text)
    assert "【时限变更】" in words(applied.text)
    confirm(sunlei, applied)
    assert "10:20 前" in sunlei.text(f"/case/{old}")
    change = latest(pages) - 1
    assert undo(admin, change).status_code == 303
    assert "city3 第 3 版 (现行)" in admin.text("/admin/rules")
    later = pages.case("西湖里小区断电 省电视台采访")
    assert "10:30 前" in sunlei.text(f"/case/{later}")
    assert audited(pages, "admin.rules") == [("admin", "done"), ("admin", "done")]
    assert admin.get(f"/admin/undo/{change}").status_code == 409


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"times": "13"}, "times", "应在 0 到 12 之间"),
        ({"times": "-1"}, "times", "0 到 12 的整数"),
        ({"times": "二"}, "times", "0 到 12 的整数"),
        ({"times": "12", "repeat": "7 分钟"}, "", ""),
        ({"repeat": "10"}, "repeat", "应如 15 分钟"),
        ({"before": "30 分钟"}, "", "早于起算"),
        ({"before": "29 分钟"}, "", ""),
        ({"climb": "30 分钟: 国王"}, "climb", "不认识"),
        ({"climb": "20 分钟: 副职"}, "climb", "错开"),
        ({"climb": "2 工作小时: 副职"}, "climb", "混用"),
        ({"climb": "0 分钟: 副职"}, "climb", "应如"),
        ({"climb": "40 分钟: 副职\n35 分钟: 办公室主任"}, "climb", "先后排列"),
    ],
)
def test_a_ladder_has_its_borders(
    pages: Pages, changes: dict[str, str], field: str, says: str
) -> None:
    answer = look(pages.as_("admin"), "rules-ladder", "签收30分钟", **ladder(**changes))
    assert answer.status_code == (422 if says else 200), words(answer.text)
    assert says in words(answer.text)
    if field:
        assert f'href="#f-{field}"' in answer.text


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("1 分钟", "提前提醒早于起算"),
        ("11 分钟", ""),
        ("100000 分钟", ""),
        ("100001 分钟", "看不懂"),
        ("0 分钟", "看不懂"),
        ("尽快", "看不懂, 可以写"),
        ("<script>alert(1)</script>", "看不懂"),
        ('" }\n[x', "看不懂"),
    ],
)
def test_a_limit_has_its_borders(pages: Pages, written: str, says: str) -> None:
    admin = pages.as_("admin")
    answer = look(admin, "rules-level", "二级", **level(admin, 签收=written))
    assert answer.status_code == (422 if says else 200), words(answer.text)
    assert says in words(answer.text)
    if says:
        assert 'href="#f-签收"' in answer.text
        assert "<script>alert" not in answer.text


def test_working_time_and_marks_are_edited_and_a_draft_is_dropped(pages: Pages) -> None:
    admin = pages.as_("admin")
    wrong = look(admin, "rules-time", work="08:30-12:00、11:00-17:00", quiet="22点")
    assert 'href="#f-work"' in wrong.text
    assert 'href="#f-quiet"' in wrong.text
    do(admin, "rules-time", work="08:00-12:00、14:30-18:00", quiet="22:30-08:00")
    now = level(admin)
    do(admin, "rules-level", "二级", **{**now, "provisional": ["首报"]})
    text = admin.text("/admin/rules")
    assert "工作时段: 08:30-12:00、14:00-17:30 → 08:00-12:00、14:30-18:00" in text
    assert "免打扰: 22:00-08:30 → 22:30-08:00" in text
    assert "二级 签收: 30 分钟 (暂定) → 30 分钟" in text
    do(admin, "rules-drop")
    with pages.office.database.read() as work:
        assert draft_of(work) is None
    assert admin.get("/admin/form/rules-use").status_code == 409
    assert "和现在一样" in words(
        look(admin, "rules-time", work="08:30-12:00、14:00-17:30", quiet="22:00-08:30").text
    )
    for key, subject in (("rules-level", "九级"), ("rules-ladder", "没有"), ("rules-back", "999")):
        assert admin.get(f"/admin/form/{key}?subject={subject}").status_code == 409


def test_an_earlier_version_comes_back_as_a_new_one(pages: Pages) -> None:
    admin = pages.as_("admin")
    do(admin, "rules-time", work="09:00-12:00、14:00-17:30", quiet="22:00-08:30")
    do(admin, "rules-use")
    first = pages.as_("sunlei").get("/admin/rules?version=1")
    assert "city3 第 1 版" in words(first.text)
    assert pages.as_("sunlei").get("/admin/rules?version=99").status_code == 404
    shown = look(admin, "rules-back", "1")
    assert "工作时段: 09:00-12:00、14:00-17:30 → 08:30-12:00、14:00-17:30" in words(shown.text)
    confirm(admin, shown)
    with pages.office.database.read() as work:
        kept = work.rulebooks.in_force()
        first_kept = work.rulebooks.get(1)
    assert kept is not None
    assert kept.id > 1
    assert kept.digest == first_kept.digest


def test_the_box_says_grade_clauses_unit_and_the_whole_ladder_with_times(pages: Pages) -> None:
    text = tried(pages.as_("sunlei"), start="2026-11-20T21:50")
    for says in (
        "建议 二级",
        "「如省内媒体关注或报道」",
        "市城管局主管",
        "由舆情办主任确认定级",
        "22:20 前",
        "自交办起算: 2026-11-20",
        "联络员 刘洋 提前提醒",
        "免打扰时段顺延",
        "值班员 赵敏",
    ):
        assert says in text, says
    other = tried(pages.as_("sunlei"), level="一级")
    assert "下面按 一级 算" in other
    assert "主要领导 王建平" in other


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"text": ""}, "请贴一条报送"),
        ({"text": "长" * 2000}, ""),
        ({"text": "长" * 2001}, "1 到 2000 字"),
        ({"text": "【机密】某件事"}, "涉密"),
        ({"text": REPORT, "start": "昨天"}, "时间请写成"),
        ({"text": REPORT, "start": "2030-01-01T00:00"}, "400 天以内"),
    ],
)
def test_the_box_has_its_borders(pages: Pages, given: dict[str, str], says: str) -> None:
    assert says in tried(pages.as_("admin"), **given)


def test_the_audit_is_searched_by_who_what_case_and_time_and_its_chain_is_shown(
    pages: Pages,
) -> None:
    admin = pages.as_("admin")
    number = pages.case("锦绣花园停水 省电视台关注", unit="住建局")
    of_case = admin.text(f"/admin/audit?case={number}")
    assert f"案件 {number}" in of_case
    assert "孙磊" in of_case
    mine = admin.text("/admin/audit?who=王小雨&what=Registered")
    assert f"案件 {number}" in mine
    assert "孙磊 " not in mine.split("导出 CSV")[1]
    day = pages.office.now.date()
    assert "没有找到" in admin.text(f"/admin/audit?first={day + timedelta(days=1)}")
    assert number in admin.text(f"/admin/audit?first={day}&last={day}")
    assert "没有找到" in admin.text("/admin/audit?what=%25")
    assert "审计链完好" in admin.text("/admin/audit?verify=1")


def test_whatever_happens_to_a_case_has_a_word_in_the_audit() -> None:
    happens = {kind.__name__ for kind in get_args(Event)}
    assert {kind for kind in happens if kind not in ACTIONS} == set()
    code = (file for room in ("cases", "handlers") for file in (HOME / room).rglob("*.py"))
    refusals = {name for file in code for name in _REFUSAL.findall(file.read_text("utf-8"))}
    assert {"NotPermittedError", "AskedBackError"} <= refusals
    assert {kind for kind in refusals if kind not in ACTIONS} == set()


def test_the_audit_is_given_out_masked_and_that_too_is_written_down(pages: Pages) -> None:
    admin = pages.as_("admin")
    with pages.office.database.work() as work:
        work.audit.append(
            actor="=cmd()",
            role="",
            action="speak",
            object_type="inbox",
            object_id="13800138000",
            result="denied",
            details={"words": "请打 13800138000"},
            now=pages.office.now,
        )
    answer = admin.get("/admin/audit/export?what=speak")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:3] == ["序号", "时间", "人员"]
    assert rows[1][3] == "'=cmd()"
    assert "13800138000" not in answer.text
    assert audited(pages, "admin.audit.exported") == [("admin", "done")]
    assert pages.as_("sunlei").get("/admin/audit/export").status_code == 403
    with pages.office.database.read() as work:
        assert work.audit.verify() is None


def test_a_chain_that_was_changed_is_shown_with_its_row(pages: Pages) -> None:
    with closing(sqlite3.connect(pages.folder / "duban.db")) as rows:
        rows.execute("UPDATE audit SET actor = 'nobody' WHERE seq = 2")
        rows.commit()
    assert "■ 审计链第 2 行: 内容被改动" in pages.as_("admin").text("/admin/audit?verify=1")
