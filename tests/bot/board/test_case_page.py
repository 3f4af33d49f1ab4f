"""The page of a case: what it shows to whom, what its buttons do, what it refuses."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.board.answers import TEMPLATES
from tests.support.pages import PNG, Browser, Pages, audited, words

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def test_the_page_shows_facts_clocks_people_and_every_message_with_its_delivery(
    pages: Pages,
) -> None:
    number = pages.case("青禾路积水 省电视台采访")
    text = pages.as_("sunlei").text(f"/case/{number}")
    for part in (
        number,
        "青禾路积水 省电视台采访",
        "已交办待签收",
        "市城管局签收",
        "10:30 前 暂定时限",
        "还剩 30 分钟",
        "怎么算出来的",
        "省电视台",
        "市城管局 主办 · 待签收",
        "登记, 建议二级 王小雨",
        "交市城管局主办 孙磊",
        "发给刘洋: 交办 已提交 10:00",
        "发给市城管局工作群: 交办通知到单位群",
    ):
        assert part in text


def test_a_link_opens_nothing_that_knows_where_it_came_from(pages: Pages) -> None:
    html = pages.as_("sunlei").get(f"/case/{pages.case()}").text
    link = re.search(r'<a href="https://www\.toutiao\.com[^>]*>', html)
    assert link is not None
    assert 'rel="noopener noreferrer nofollow"' in link[0]
    assert "<b>www.toutiao.com</b>" in html


def test_e01_a_page_may_run_nothing_keep_nothing_and_be_framed_by_nobody(pages: Pages) -> None:
    browser = pages.as_("sunlei")
    for path in (f"/case/{pages.case()}", "/", "/search?q=1", "/sessions", "/sign-in", "/case/x"):
        headers = browser.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert "noindex" in headers["x-robots-tag"]


def test_e01_no_template_holds_a_script_a_style_or_an_unescaped_value() -> None:
    for name in ("case", "list", "base", "macros", "search", "sessions", "link", "notice"):
        text = (TEMPLATES / f"{name}.html").read_text("utf-8")
        assert "|safe" not in text
        assert " style=" not in text
        assert not re.search(r"\son[a-z]+=", text)
        assert not re.search(r"<script(?![^>]* src=)", text)


def every_refusal(browser: Browser, number: str, form: dict[str, str]) -> list[httpx.Response]:
    sent = form | {"act": "supplement", "text": "x"}
    return [
        browser.get(f"/case/{number}"),
        browser.get(f"/case/{number}/files/1"),
        browser.post(f"/case/{number}/do", sent),
        browser.post(f"/case/{number}/files", sent, files={"file": ("a.png", PNG)}),
    ]


def test_c02_e09_what_is_not_yours_is_byte_for_byte_what_does_not_exist(pages: Pages) -> None:
    foreign = pages.case(unit="住建局")
    secret = pages.case()
    with pages.office.database.work() as work:
        case = work.cases.by_number(secret)
        assert case is not None
        work.cases.save(replace(case, restricted=True), [], by="t", now=pages.office.now)
    browser = pages.as_("chenjing")
    own = pages.as_("liuyang")
    form = browser.hidden(f"/case/{foreign}")
    unknown = every_refusal(browser, "YQ-20261120-999", form)
    for status in unknown:
        assert status.status_code == 404
        assert status.content == unknown[0].content
    hidden = own.hidden("/sessions") | {"once": "o" * 24}
    for number in (foreign, "YQ-20261120-998", "nonsense", "YQ-1-1"):
        for answer in every_refusal(own, number, hidden):
            assert (answer.status_code, answer.content) == (404, unknown[0].content)
    reporter = pages.as_("wangxiaoyu")
    assert reporter.get(f"/case/{secret}").content == unknown[0].content
    assert own.get(f"/case/{secret}").status_code == 200  # the unit that has it


def test_e08_a_form_from_elsewhere_does_nothing(pages: Pages) -> None:
    number = pages.case()
    browser = pages.as_("liuyang")
    form = browser.hidden(f"/case/{number}") | {"act": "sign"}
    path = f"/case/{number}/do"
    for origin in ("https://evil.example", "null", pages.url.replace("127.0.0.1", "localhost")):
        assert browser.post(path, form, origin=origin).status_code == 403
    assert browser.post(path, form, origin=None).status_code == 403
    sent = browser.http.post(path, data=form, headers={"sec-fetch-site": "cross-site"})
    assert sent.status_code == 403
    forged = browser.http.post(
        path, data=form, headers={"origin": pages.url, "sec-fetch-site": "cross-site"}
    )
    assert forged.status_code == 403
    assert pages.office.case(number[-3:]).state == "assigned"
    ours = browser.http.post(path, data=form, headers={"sec-fetch-site": "same-origin"})
    assert ours.status_code == 303


def test_e08_a_form_needs_the_sign_of_its_own_session(pages: Pages) -> None:
    number = pages.case()
    browser = pages.as_("liuyang")
    form = browser.hidden(f"/case/{number}") | {"act": "sign"}
    stolen = pages.as_("heqing").hidden(f"/case/{number}")["csrf"]
    for sign in ("", "0" * 64, stolen, stolen + "é"):
        answer = browser.post(f"/case/{number}/do", form | {"csrf": sign})
        assert answer.status_code == 403
    missing = {name: value for name, value in form.items() if name != "csrf"}
    assert browser.post(f"/case/{number}/do", missing).status_code == 403
    assert pages.office.case(number[-3:]).state == "assigned"


def test_e08_a_form_of_no_browser_or_without_end_is_refused(pages: Pages) -> None:
    number = pages.case()
    browser = pages.as_("liuyang")
    headers = {"origin": pages.url, "content-type": "text/plain"}
    sent = browser.http.post(f"/case/{number}/do", content=b"act=sign", headers=headers)
    assert sent.status_code == 415
    form = browser.hidden(f"/case/{number}") | {"act": "supplement", "text": "长" * 90_000}
    assert browser.post(f"/case/{number}/do", form).status_code == 413
    headers["content-type"] = "multipart/form-data"
    sent = browser.http.post(f"/case/{number}/do", content=b"--x", headers=headers)
    assert sent.status_code == 400


def test_a_unit_signs_and_reports_on_the_page_as_it_would_in_chat(pages: Pages) -> None:
    number = pages.case()
    browser = pages.as_("liuyang")
    said = browser.press(number, "sign")
    assert said.startswith("已办 已签收")
    assert "首报" in said
    assert pages.office.case(number[-3:]).state == "signed"
    assert browser.said(number) == ""  # shown once
    said = browser.press(number, "progress", report_kind="首报", text="已到现场, 正在抽排")
    assert "首报已收到" in said
    told = [one for one in pages.office.leaving() if one.to == "sunlei"]
    assert any("正在抽排" in one.text for one in told)
    text = pages.as_("sunlei").text(f"/case/{number}")
    assert "已签收 10:00" in text
    said = browser.press(number, "done", text="已排干")
    assert "已申请办结" in said


def test_pressed_twice_is_done_once(pages: Pages) -> None:
    number = pages.case()
    browser = pages.as_("liuyang")
    form = browser.hidden(f"/case/{number}")
    form |= {"act": "progress", "report_kind": "首报", "text": "已到现场"}
    for _ in range(2):
        assert browser.post(f"/case/{number}/do", form).status_code == 303
    assert "已经提交过了" in browser.said(number)
    assert pages.office.case(number[-3:]).reports == 1


def test_a_refusal_is_said_on_the_page_and_stands_in_the_audit(pages: Pages) -> None:
    number = pages.case()
    browser = pages.as_("liuyang")
    said = browser.press(number, "grade", level="一级", reason="x")
    assert said.startswith("没有办成 定级由")
    assert ("liuyang", "refused") in audited(pages, "page.grade")
    assert "没有这个操作" in browser.press(number, "format-the-disk")
    assert "涉密" in browser.press(number, "supplement", text="此件为绝密★1年")
    assert "最多写 4000 字" in browser.press(number, "supplement", text="长" * 4001)


def test_the_office_grades_assigns_and_decides_on_the_page(pages: Pages) -> None:
    number = pages.reported()
    office = pages.as_("sunlei")
    assert "请先定级再交办" in office.press(number, "assign", lead="chengguan")
    assert f"{number[-3:]} 已定三级" in office.press(number, "grade", level="三级")
    form = {"lead": "chengguan", "coop": ["zhujian"], "demand": "今天先排水"}
    said = office.press(number, "assign", deadline="2026-11-23T17:30", **form)
    assert "已交市城管局主办, 市住建局协办" in said
    case = pages.office.case(number[-3:])
    assert case.lead is not None
    assert case.lead.demand == "今天先排水"
    assert "已催办" in office.press(number, "urge", unit="chengguan")
    assert "已加市教体局协办" in office.press(number, "coop", unit="jiaoti")
    assert "不属于" not in pages.as_("liuyang").press(number, "decline", reason="属住建局管养")
    assert "继续办理" in office.press(number, "uphold", reason="由城管办")
    assert "已转市卫健委主办" in office.press(number, "transfer", unit="weijian", reason="改派")
    assert "不需公开回应" in office.press(number, "no_answer", reason="已当面答复")
    assert "已申请办结" in pages.as_("gaofei").press(number, "done", text="已办好")
    offers = office.text(f"/case/{number}")
    assert "同意办结" in offers
    assert "已退回责任单位" in office.press(number, "reject", reason="缺照片")
    assert "已申请办结" in pages.as_("gaofei").press(number, "done", text="已补照片")
    assert "办结, 已告知" in office.press(number, "approve")
    assert "已归档" in office.press(number, "archive")
    assert "已重新打开" in office.press(number, "reopen", reason="又积水了")
    assert "已撤回" in office.press(number, "withdraw", reason="外地的事")


def test_the_public_answer_goes_its_way_on_the_page(pages: Pages) -> None:
    number = pages.case()
    unit, office, leader = pages.as_("liuyang"), pages.as_("sunlei"), pages.as_("zhouguohua")
    unit.press(number, "verify", verdict="属实", text="排水管堵塞")
    said = unit.press(number, "draft", text="堵了。")
    assert "还没有报出" in said
    draft = (
        "经核实, 11月20日早青禾路因排水管堵塞积水。市城管局已疏通, 将每周巡查。市城管局 11月20日"
    )
    assert "缺「联系电话」" in unit.press(number, "draft", text=draft)
    said = unit.choose(number, 0)
    assert "第 1 稿已报舆情办审核" in said
    text = office.text(f"/case/{number}")
    assert "第 1 稿 · 刘洋 10:00 · 回应稿待审核" in text
    assert draft in text
    assert "请单位修改" in office.press(number, "edit", words="写明巡查频次")
    unit.press(number, "draft", text=f"{draft}。")
    assert "第 2 稿" in unit.choose(number, 0)
    assert "已报领导签发" in office.press(number, "approve", words="要素齐全")
    assert "已签发" in leader.press(number, "approve")
    assert "发布已登记" in unit.press(
        number, "published", channel="官微", url="https://weibo.com/1/P0w7ex6A3"
    )


def test_more_time_is_asked_for_and_given_on_the_page(pages: Pages) -> None:
    number = pages.case()
    unit = pages.as_("liuyang")
    unit.press(number, "sign")
    wrong = unit.press(number, "extend", deadline="2026-13-40T99:99", reason="水质检测")
    assert "时间请写成" in wrong
    assert "已报" in unit.press(number, "extend", deadline="2026-12-01T17:30", reason="水质检测")
    leader = pages.as_("zhouguohua")
    assert "同意延期" in leader.text(f"/case/{number}")
    assert "已同意延期至 12月1日 17:30" in leader.press(number, "approve")


def test_one_sentence_does_what_it_does_in_chat_and_what_it_asks_back_are_buttons(
    pages: Pages,
) -> None:
    number = pages.case()
    leader = pages.as_("zhouguohua")
    said = leader.press(number, "say", words="请住建局阅处, 今天下班前报我")
    assert "拟办" in said
    assert "照此办" in said
    assert "已照批示通知市住建局" in leader.choose(number, 0)
    assert "请先写一句" in leader.press(number, "say", words=" ")
    said = leader.press(number, "say", words=f"查 {number}")
    assert said.startswith(f"答复 {number[-3:]}《青禾路积水")


def test_only_what_a_person_may_do_now_is_offered(pages: Pages) -> None:
    number = pages.case()

    def offered(userid: str) -> str:
        html = pages.as_(userid).get(f"/case/{number}").text
        return words(html.split('class="acts"')[1].split('class="parts"')[0])

    liaison, director = offered("liuyang"), offered("sunlei")
    for act in ("签收", "报进展", "报回应稿", "申请办结", "退回 (不属本单位)"):
        assert act in liaison
        assert act not in director
    for act in ("改等级", "转办", "加协办", "催办"):
        assert act in director
        assert act not in liaison
    assert "归档" not in director
    assert "同意" not in director


def test_a_file_is_kept_with_its_digest_told_of_and_given_back(pages: Pages) -> None:
    number = pages.case()
    unit = pages.as_("liuyang")
    assert "《现场.png》已存入" in unit.upload(number, "C:\\照片\\现场.png", PNG)
    assert "已经有这份文件" in unit.upload(number, "又一份.png", PNG)
    assert "《报告.pdf》已存入" in unit.upload(number, "报告.pdf", PDF)
    told = [one.text for one in pages.office.leaving() if one.to == "sunlei"]
    assert any("上传材料《现场.png》" in text for text in told)
    html = pages.as_("sunlei").get(f"/case/{number}").text
    ids = re.findall(rf"/case/{number}/files/([0-9]+)", html)
    picture = pages.as_("sunlei").get(f"/case/{number}/files/{ids[0]}")
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert picture.headers["content-disposition"].startswith(f'inline; filename="{number}-')
    assert "sandbox" in picture.headers["content-security-policy"]
    paper = pages.as_("sunlei").get(f"/case/{number}/files/{ids[1]}")
    assert paper.headers["content-disposition"].startswith("attachment; ")
    assert "上传材料《报告.pdf》" in words(html)
    with pages.office.database.read() as work:
        case = work.cases.by_number(number)
        assert case is not None
        kept = work.evidence.of_case(case.id)
    assert [one.name for one in kept] == ["现场.png", "报告.pdf"]
    assert all(one.sha256 and one.path for one in kept)
    reporter = pages.as_("wangxiaoyu")
    assert reporter.get(f"/case/{number}/files/{ids[0]}").status_code == 404
    assert reporter.get(f"/case/{number}").status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.exe", b"MZ\x90\x00", "只收"),
        ("a.png", b"<svg onload=alert(1)>", "只收"),
        ("a.png", b"", "文件是空的"),
        ("绝密文件.pdf", PDF + b"1", "涉密"),
        ("big.pdf", PDF + bytes(10 * 1024 * 1024), "超过 10 MB"),
    ],
)
def test_what_may_not_be_kept_is_refused_with_the_reason(
    pages: Pages, name: str, content: bytes, says: str
) -> None:
    number = pages.case()
    said = pages.as_("liuyang").upload(number, name, content)
    assert said.startswith("没有办成")
    assert says in said


def test_no_file_and_too_much_are_refused_too(pages: Pages) -> None:
    number = pages.case()
    browser = pages.as_("liuyang")
    form = browser.hidden(f"/case/{number}")
    path = f"/case/{number}/files"
    assert browser.post(path, form).status_code == 303
    assert "请先选择一个文件" in browser.said(number)
    form = browser.hidden(f"/case/{number}")
    whole = {"file": ("a.pdf", bytes(11 * 1024 * 1024))}
    assert browser.post(path, form, files=whole).status_code == 413
    assert browser.post(path, form | {"once": "x"}, files={"file": ("a", PNG)}).status_code == 404


def test_a_full_disk_is_said_and_sounded(pages: Pages) -> None:
    number = pages.case()
    folder = pages.folder / "evidence"
    held = folder.with_name("held")
    if folder.exists():
        folder.rename(held)
    folder.write_bytes(b"")  # a file where the folder should be
    try:
        said = pages.as_("liuyang").upload(number, "a.png", PNG + b"x")
    finally:
        folder.unlink()
        if held.exists():
            held.rename(folder)
    assert "写不进磁盘" in said
    with pages.office.database.read() as work:
        assert any(alarm.kind == "evidence.disk" for alarm in work.alarms.sounding())


def test_whoever_opened_the_page_has_opened_the_message(pages: Pages) -> None:
    number = pages.case()
    director = pages.as_("sunlei")
    assert "发给刘洋: 交办 已提交 10:00" in director.text(f"/case/{number}")
    pages.office.now += timedelta(minutes=2)
    pages.as_("liuyang").get(f"/case/{number}")
    assert "发给刘洋: 交办 已点开 10:02" in director.text(f"/case/{number}")
    pages.as_("liuyang").press(number, "sign")
    assert "发给刘洋: 交办 已签收 10:02" in director.text(f"/case/{number}")
    pages.office.now -= timedelta(minutes=2)


def test_e10_a_unit_sees_its_own_messages_and_reads_only_its_own_words(pages: Pages) -> None:
    number = pages.case()
    text = pages.as_("heqing").text(f"/case/{number}")
    assert "发给刘洋: 交办" in text
    assert "发给孙磊" not in text
    assert "工作群" in text
    assert "看原文" not in text
    assert "看原文" in pages.as_("liuyang").text(f"/case/{number}")


def test_e14_a_database_that_does_not_answer_is_said_kindly(pages: Pages) -> None:
    number = pages.case()
    browser = pages.as_("liuyang")
    form = browser.hidden(f"/case/{number}") | {"act": "sign"}
    with closing(sqlite3.connect(pages.folder / "duban.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = browser.post(f"/case/{number}/do", form)
        other.execute("ROLLBACK")
    assert answer.status_code == 503
    assert "没有保存" in answer.text
