"""Papers on the pages: files for whoever handles the case, edited ones taken in, 报告."""

import hashlib
import io

import docx
import pytest

from storage.states import PaperState
from tests.support.pages import PNG, Browser, Pages, audited
from tests.support.papers import prints


def word(words: str) -> bytes:
    """An edited file, as Word would save it."""
    held = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(words)
    document.save(held)
    return held.getvalue()


def printed(pages: Pages, who: str, words: str) -> list[str]:
    """Order a paper in chat and print it; the names of the files that left."""
    pages.office.says(who, words)
    told = prints(pages.office, pages.folder / "evidence")
    return [one.text for one in told if one.kind == "paper-file"]


def upload(browser: Browser, pages: Pages, paper: int, name: str, content: bytes) -> str:
    number = subject(pages, paper)
    page = f"/case/{number}" if number else "/papers"
    sent = browser.hidden(page)
    answer = browser.post(f"/papers/{paper}/files", sent, files={"file": (name, content)})
    assert answer.status_code == 303, answer.text
    return browser.text(page)


def subject(pages: Pages, paper: int) -> str:
    with pages.office.database.read() as work:
        return work.papers.get(paper).subject


def newest(pages: Pages, number: str) -> int:
    with pages.office.database.read() as work:
        case = work.cases.by_number(number)
        assert case is not None
        return work.papers.of_case(case.id)[-1].id


def version(pages: Pages, paper: int) -> int:
    with pages.office.database.read() as work:
        return work.papers.versions(paper)[-1].id


@pytest.fixture
def case(pages: Pages) -> str:
    number = pages.case()
    assert printed(pages, "sunlei", f"出{number}的专报")
    return number


def test_the_page_of_a_case_lists_its_papers_and_gives_their_files(pages: Pages, case: str) -> None:
    paper = newest(pages, case)
    browser = pages.as_("sunlei")
    text = browser.text(f"/case/{case}")
    assert f"文稿{paper} 专报 待核稿" in text
    assert "待补: " in text
    one = version(pages, paper)
    pdf = browser.get(f"/papers/files/{one}.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert f'filename="paper-{one}.pdf"' in pdf.headers["content-disposition"]
    assert hashlib.sha256(pdf.content).hexdigest()[:12] in text
    docx_file = browser.get(f"/papers/files/{one}.docx").content
    assert docx.Document(io.BytesIO(docx_file)).paragraphs[0].text == "网络舆情专报"
    assert browser.get(f"/papers/files/{one}.xlsx").status_code == 404
    assert audited(pages, "paper.taken") == [("sunlei", "done"), ("sunlei", "done")]


def test_who_does_not_handle_the_case_sees_no_paper(pages: Pages, case: str) -> None:
    paper = newest(pages, case)
    for outsider in ("wangxiaoyu", "yanghui"):
        browser = pages.as_(outsider)
        assert "文稿" not in browser.text(f"/case/{case}")
        gone = browser.get(f"/papers/files/{version(pages, paper)}.pdf")
        assert gone.status_code == 404
        assert gone.text == browser.get("/papers/files/999999.pdf").text
        assert browser.get("/papers").status_code == 404
    assert pages.as_("liuyang").get(f"/papers/files/{version(pages, paper)}.pdf").status_code == 200


def test_an_edited_file_becomes_the_next_version_and_is_checked(pages: Pages, case: str) -> None:
    paper = newest(pages, case)
    said = upload(pages.as_("sunlei"), pages, paper, "专报改.docx", word("改好了"))
    assert "修改稿已存为第 2 版" in said
    assert "第 2 版 上传" in said
    told = pages.office.leaving()
    assert {one.to for one in told} == {"zhouguohua", "sunlei"}
    given = pages.as_("zhouguohua").get(f"/papers/files/{version(pages, paper)}.docx").content
    assert docx.Document(io.BytesIO(given)).paragraphs[0].text == "改好了"
    assert "已核定" in pages.as_("zhouguohua").press(
        case, "paper-check", paper=str(paper), decision="同意", opinion=""
    )
    assert "已记为报送 (市政府办)" in pages.as_("sunlei").press(
        case, "paper-sent", paper=str(paper), to="市政府办"
    )
    assert "不再收修改稿" in upload(pages.as_("sunlei"), pages, paper, "a.docx", word("x"))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.png", PNG, "只收 Word (DOCX) 或 PDF"),
        ("a.docx", b"PK\x03\x04 broken", "文件已损坏"),
        ("机密级.docx", word("x"), "像有涉密信息"),
        ("a.exe", b"MZ", "没有收下"),
    ],
)
def test_what_is_no_paper_is_not_taken(
    pages: Pages, case: str, name: str, content: bytes, why: str
) -> None:
    paper = newest(pages, case)
    assert why in upload(pages.as_("sunlei"), pages, paper, name, content)
    with pages.office.database.read() as work:
        assert len(work.papers.versions(paper)) == 1


def test_strangers_bring_nothing(pages: Pages, case: str) -> None:
    paper = newest(pages, case)
    browser = pages.as_("liuyang")
    sent = browser.hidden(f"/case/{case}")
    answer = browser.post(f"/papers/{paper}/files", sent, files={"file": ("a.docx", word("x"))})
    assert answer.status_code == 404
    foreign = browser.post(
        f"/papers/{paper}/files", sent, origin="https://evil.example", files={"file": ("a", b"x")}
    )
    assert foreign.status_code == 403


def test_a_gap_is_filled_and_a_paper_ordered_by_buttons(pages: Pages, case: str) -> None:
    paper = newest(pages, case)
    browser = pages.as_("sunlei")
    gap = f"{paper}|三、网民与媒体观点"
    assert "已补" in browser.press(case, "paper-fill", gap=gap, text="多数中性")
    assert "正在生成" in browser.press(case, "paper-write", kind="处置表")
    assert "请把内容填完整" in browser.press(case, "paper-write", kind="没有的")
    prints(pages.office, pages.folder / "evidence")
    text = browser.text(f"/case/{case}")
    assert "处置表 待核稿" in text
    assert "第 2 版 补充" in text
    refused = browser.press(
        case, "paper-check", paper=str(newest(pages, case)), decision="修改意见:", opinion="重排"
    )
    assert "修改意见已记下" in refused


def test_reports_of_periods_are_ordered_checked_and_taken(pages: Pages) -> None:
    browser = pages.as_("sunlei")
    sent = browser.hidden("/papers") | {"kind": "周报", "period": "本周"}
    assert browser.post("/papers/do", sent).status_code == 303
    assert browser.post("/papers/do", sent).status_code == 303  # pressed twice, done once
    assert "正在生成" in browser.text("/papers")
    prints(pages.office, pages.folder / "evidence")
    text = browser.text("/papers")
    assert "2026年第47周周报 待核稿" in text
    with pages.office.database.read() as work:
        paper = work.papers.periodicals()[0]
    gap = "八、下期风险研判"
    assert f"补: {gap}" in text
    filled = {"words": f"文稿{paper.id} 补 {gap}:", "more": "开学周食堂投诉会多"}
    browser.post("/papers/do", browser.hidden("/papers") | filled)
    prints(pages.office, pages.folder / "evidence")
    text = browser.text("/papers")
    assert f"「{gap}」已补" in text
    assert f"补: {gap}" not in browser.text("/papers")
    hidden = browser.hidden("/papers")
    browser.post("/papers/do", hidden | {"words": f"文稿{paper.id} 同意"})
    text = browser.text("/papers")
    assert "已核定" in text
    assert f"登记报送 文稿{paper.id}" in text
    with pages.office.database.read() as work:
        assert work.papers.get(paper.id).state is PaperState.APPROVED
    assert "修改稿已存为第 3 版" in upload(browser, pages, paper.id, "周报.docx", word("x"))
    browser.post("/papers/do", browser.hidden("/papers") | {"words": f"文稿{paper.id} 同意"})
    out = {"words": f"文稿{paper.id} 已报", "more": "市委办"}
    browser.post("/papers/do", browser.hidden("/papers") | out)
    assert "已记为报送 (市委办)" in browser.text("/papers")


def test_a_report_there_is_none_of_is_refused_and_others_may_look(pages: Pages) -> None:
    browser = pages.as_("sunlei")
    hidden = browser.hidden("/papers")
    browser.post("/papers/do", hidden | {"kind": "季报", "period": "本周"})
    assert "还出不了" in browser.text("/papers")
    assert browser.post("/papers/do", hidden | {"once": "x"}).status_code == 404
    assert "报告" in pages.as_("zhouguohua").text("/papers")
