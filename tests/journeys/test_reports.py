"""Reports told as chats: any wording, once, gaps asked for, figures watched, pictures placed."""

import pytest

from cases.messages import HeardKind
from cases.model import State
from storage.database import Database
from storage.states import EvidenceState
from tests.support.office import Office, recipients, to
from tests.support.senders import picture, sends

WANG, LI = "wangxiaoyu", "lihang"
DIRECTOR, DUTY = "sunlei", "zhaomin"
LIUYANG = "liuyang"
MERGE = "YQ-20261120-002 合并到 YQ-20261120-001"
WEIBO = "https://weibo.com/1234567890/P0w7ex6A3"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


@pytest.fixture
def both(database: Database) -> Office:
    return Office(database)


def metrics(office: Office, short: str) -> list[tuple[str, float]]:
    with office.database.read() as work:
        return [(m.name, m.value) for m in work.cases.metrics(office.case(short).id)]


def links(office: Office, short: str) -> list[str]:
    with office.database.read() as work:
        return [link.link_key for link in work.cases.links(office.case(short).id)]


ELEVEN = (
    ("card", "wangxiaoyu", ("青禾路积水", "https://www.toutiao.com/article/7249559687354974759/")),
    ("bare URL", "lihang", "https://www.toutiao.com/article/7249559687354974759/"),
    ("m. host", "liuyang", "https://m.toutiao.com/article/7249559687354974759/"),
    ("old path", "heqing", "http://toutiao.com/a7249559687354974759/"),
    ("tracking", "chenjing", "https://m.toutiao.com/i7249559687354974759/?share_token=x&app=news"),
    ("no scheme", "yanghui", "www.toutiao.com/article/7249559687354974759/?wid=1700"),
    (
        "share blurb",
        "wupeng",
        "【青禾路积水多日无人管 - 今日头条】\nhttps://m.toutiao.com/article/7249559687354974759/",
    ),
    (
        "block",
        "zhaomin",
        (
            "【舆情】青禾路积水\n平台：今日头条\n摘要：早高峰多车熄火\n诉求：尽快排水\n"
            "链接：https://www.toutiao.com/group/7249559687354974759/"
        ),
    ),
    (
        "one-liner",
        "sunlei",
        "头条说青禾路积水,评论86 https://www.toutiao.com/a7249559687354974759/ 请城管局关注",
    ),
    (
        "card again",
        "lihang",
        ("转发: 青禾路积水", "https://m.toutiao.com/a7249559687354974759/?share_token=xyz"),
    ),
    (
        "urgent",
        "wangxiaoyu",
        "紧急!青禾路积水又有人发 https://www.toutiao.com/article/7249559687354974759/?log_from=f1",
    ),
)


def test_one_matter_forwarded_eleven_ways_is_one_case_with_eleven_reports(both: Office) -> None:
    for form, who, what in ELEVEN:
        told = both.says(who, what) if isinstance(what, str) else both.forwards(who, *what)
        assert "001" in to(who, told), form
        both.passes(minutes=1)
    with both.database.read() as work:
        assert work.cases.count_open() == {"二级": 1} or sum(work.cases.count_open().values()) == 1
        reports = work.cases.reports(both.case().id)
    assert [report.kind.value for report in reports] == ["new"] + ["repeat"] * 10
    assert len(both.case().reporters) == 9  # two of them reported twice


def test_several_links_of_one_message_belong_to_one_case(office: Office) -> None:
    office.says(WANG, f"上报:三中食堂吃出虫子 {WEIBO} 另有 https://tieba.baidu.com/p/9123456789")
    assert len(links(office, "001")) == 2
    told = office.says(LI, "https://tieba.baidu.com/p/9123456789?pn=2")
    assert "已并入 001" in to(LI, told)


def test_links_of_two_open_cases_in_one_message_are_shown_to_the_office(office: Office) -> None:
    office.says(WANG, f"上报:三中食堂吃出虫子 {WEIBO}")
    office.says(WANG, "上报:锦绣花园停水三天 https://tieba.baidu.com/p/9123456789")
    told = office.says(LI, f"{WEIBO} https://tieba.baidu.com/p/9123456789 都在传")
    assert "已并入 001" in to(LI, told)
    assert "一条消息里有两件的链接" in to(DIRECTOR, told)
    assert "= 合并到 002" in to(DIRECTOR, told)
    assert office_states(office) == [State.REPORTED, State.REPORTED]


def office_states(office: Office) -> list[State]:
    with office.database.read() as work:
        return [case.state for case in work.cases.find_open()]


BLOCKS = (
    "【舆情】三中食堂吃出虫子\n平台：微博\n链接：https://weibo.com/1234567890/P0w7ex6A3\n诉求：查处\n\n"
    "【舆情】锦绣花园停水三天\n平台：百度贴吧\n链接：https://tieba.baidu.com/p/9123456789\n\n"
    "【舆情】\n平台：微博"
)


def test_several_blocks_of_one_message_become_a_case_each(office: Office) -> None:
    told = office.says(WANG, BLOCKS)
    answer = to(WANG, told)
    assert "已登记 001《三中食堂吃出虫子》" in answer
    assert "已登记 002《锦绣花园停水三天》" in answer
    assert "没有登记" in answer
    assert office.case("002").platform == "百度贴吧"


def test_a_gap_is_asked_for_twice_and_then_no_more(office: Office) -> None:
    told = office.says(WANG, "快报:人民日报客户端刚发了我县高标准农田的稿子,负面,链接稍后补")
    assert "还缺链接, 有了请发: 001 链接 https://…" in to(WANG, told)
    assert office.case().missing == ("链接",) or "链接" in office.case().missing
    assert "还缺链接" in to(WANG, office.says(WANG, "001 补充: 评论区在争论"))
    assert "还缺链接" not in to(WANG, office.says(WANG, "001 补充: 又有人转"))


@pytest.mark.parametrize("words", ["", "链接来了: ", "链接 ", "补上链接 "])
def test_only_a_link_after_the_question_fills_the_gap(office: Office, words: str) -> None:
    office.says(WANG, "上报:微博说三中食堂吃出虫子 https://weibo.com/1234567890/P0w7ex6A3")
    office.says(WANG, "快报:人民日报客户端刚发了我县高标准农田的稿子,负面,链接稍后补")
    told = office.says(WANG, f"{words}https://www.peopleapp.com/rmharticle/30050825590")
    assert "已补充到 002" in to(WANG, told)
    assert "链接" not in office.case("002").missing
    assert len(links(office, "002")) == 1


def test_a_link_of_another_platform_or_a_known_one_does_not_fill_the_gap(office: Office) -> None:
    office.forwards(LI, "三中食堂吃出虫子", WEIBO)
    office.says(WANG, "抖音上有人拍建设街路灯坏了一个月没人修")
    assert "链接" in office.case("002").missing
    assert "已并入 001" in to(WANG, office.says(WANG, WEIBO))
    assert "已登记 003" in to(WANG, office.says(WANG, "https://tieba.baidu.com/p/9123456789"))
    assert "链接" in office.case("002").missing


def test_a_link_of_somebody_who_was_not_asked_is_a_report_of_its_own(office: Office) -> None:
    office.says(WANG, "快报:人民日报客户端刚发了我县高标准农田的稿子,负面,链接稍后补")
    assert "已登记 002" in to(LI, office.says(LI, "https://www.peopleapp.com/rmharticle/30050825"))


def test_a_bare_link_is_asked_what_it_is_about_and_the_answer_becomes_the_title(
    office: Office,
) -> None:
    told = office.says(WANG, WEIBO)
    assert "已登记 001《微博链接》" in to(WANG, told)
    assert "这条说的是什么事?" in to(WANG, told)
    told = office.says(WANG, "三中食堂吃出虫子")
    assert "已记到 001" in to(WANG, told)
    assert office.case().title == "三中食堂吃出虫子"
    assert office.case().proposal.lead == "jiaoti"
    assert "情况: 三中食堂吃出虫子" in to(DIRECTOR, told)
    assert office.case().missing == ()


@pytest.mark.parametrize(
    "words", ["收到", "好的, 谢谢", "不知道", "在吗?", "什么时候能办完吗", "停水"]
)
def test_small_talk_is_no_answer(office: Office, words: str) -> None:
    office.says(WANG, WEIBO)
    office.says(WANG, words)
    assert office.case().title == "微博链接"
    assert office.case().missing == ("情况",)


def test_what_happened_without_link_or_platform_is_asked_where_it_was_seen(office: Office) -> None:
    told = office.says(WANG, "上报:锦绣花园小区业主拉横幅维权,称开发商逾期交房")
    assert "是在哪个平台看到的" in to(WANG, told)
    assert office.case().missing == ("平台", "链接")
    told = office.says(WANG, "在抖音上")
    assert office.case().platform == "抖音"
    assert "还缺链接" in to(WANG, told)
    assert "平台: 在抖音上" in to(DIRECTOR, told)


def test_a_later_report_or_supplement_says_what_the_first_only_linked_to(office: Office) -> None:
    office.says(WANG, WEIBO)
    told = office.forwards(LI, "三中食堂吃出虫子", WEIBO)
    assert office.case().title == "三中食堂吃出虫子"
    assert "情况: 三中食堂吃出虫子" in to(DIRECTOR, told)
    office.says(WANG, "https://tieba.baidu.com/p/9123456789")
    office.says(WANG, "002 补充: 锦绣花园停水三天")
    assert office.case("002").title == "锦绣花园停水三天"
    assert office.case("002").missing == ()


def test_half_an_hour_later_words_are_no_answer_any_more(office: Office) -> None:
    office.says(WANG, WEIBO)
    office.passes(minutes=31)
    office.says(WANG, "三中食堂吃出虫子")
    assert office.case().title == "微博链接"


def test_small_talk_without_a_question_stays_small_talk(office: Office) -> None:
    assert office.says(WANG, "三中食堂吃出虫子")[0].text.startswith("收到")
    with office.database.read() as work:
        assert work.cases.find_open() == ()


def test_figures_are_kept_beside_each_other_and_a_rise_is_shown(both: Office) -> None:
    both.says(WANG, f"上报:微博说三中食堂吃出虫子,转发86评论41 {WEIBO}")
    both.passes(minutes=5)
    told = both.says(WANG, "转发到 430 了")
    assert metrics(both, "001") == [("reposts", 86.0), ("comments", 41.0), ("reposts", 430.0)]
    assert "【建议升级】001" in to(DIRECTOR, told)
    assert "转发 86 → 430" in to(DIRECTOR, told)
    assert "不会自动升级" in to(DIRECTOR, told)
    assert both.case().level is None
    both.passes(minutes=5)
    assert "建议升级" not in to(DIRECTOR, both.says(WANG, "001 最新:转发440"))


def test_a_new_medium_is_shown_to_the_office(office: Office) -> None:
    office.says(WANG, f"上报:微博说三中食堂吃出虫子 {WEIBO}")
    office.passes(minutes=5)
    told = office.says(LI, f"央视新闻客户端刚发了三中食堂的报道 {WEIBO}")
    assert "新增媒体: 央视新闻" in to(DIRECTOR, told)
    assert "【建议升级】001" in to(DUTY, told)


def test_a_near_repeat_is_offered_with_one_tap_and_never_merged(both: Office) -> None:
    both.forwards(WANG, "三中食堂饭菜里吃出虫子", WEIBO)
    told = both.forwards(LI, "三中食堂吃出虫子家长不满", "https://tieba.baidu.com/p/9123456789")
    assert "可能与 001" in to(DIRECTOR, told)
    assert "= 合并到 001" in to(DIRECTOR, told)
    assert "可能与" not in to(LI, told)  # he may not know of the other's case
    assert office_states(both) == [State.REPORTED, State.REPORTED]


def test_one_tap_merges_and_pictures_and_replies_follow(both: Office) -> None:
    both.forwards(WANG, "三中食堂饭菜里吃出虫子", WEIBO)
    both.forwards(LI, "三中食堂吃出虫子家长不满", "https://tieba.baidu.com/p/9123456789")
    picture(both, LI)
    with both.database.work() as work:
        offered = work.questions.standing(DIRECTOR, [MERGE], now=both.now)
    told = both.says(DIRECTOR, str(offered))
    assert "已并入较早的 001" in to(DIRECTOR, told)
    assert office_states(both) == [State.REPORTED]
    assert both.case().reporters == (WANG, LI)
    with both.database.read() as work:
        assert len(work.evidence.of_case(both.case().id)) == 1
        assert len(work.cases.reports(both.case().id)) == 2
    assert "已补充到 001" in to(LI, both.says(LI, "002 补充: 评论区在争论"))


def test_other_matters_of_the_same_unit_are_not_offered(office: Office) -> None:
    office.forwards(WANG, "三中食堂饭菜里吃出虫子", WEIBO)
    told = office.forwards(WANG, "实验小学强制购买校服", "https://tieba.baidu.com/p/9123456789")
    assert "可能与" not in to(DIRECTOR, told) + to(WANG, told)


def test_a_quoted_message_is_content_and_marked_as_such(office: Office) -> None:
    quoted = f"刷到有人发帖称三中食堂吃出虫子 {WEIBO}"
    told = sends(office, WANG, HeardKind.TEXT, text="@督办 登记这条", quoted=quoted)
    assert "已登记 001" in to(WANG, told)
    with office.database.read() as work:
        assert work.cases.reports(office.case().id)[0].text.startswith("来源: 转发内容")


def test_a_quote_in_the_old_manner_is_content_too(office: Office) -> None:
    text = f"「李航：刷到有人发帖称三中食堂吃出虫子 {WEIBO}」\n- - - - - - - - - - -\n报一下"
    assert "已登记 001" in to(WANG, office.says(WANG, text))


def test_c06_what_is_quoted_never_commands(office: Office) -> None:
    office.forwards(WANG, "三中食堂吃出虫子", WEIBO)
    sends(office, DIRECTOR, HeardKind.TEXT, text="登记这条", quoted="001 定二级, 交教体局")
    assert office.case().level is None


def test_g09_a_posters_name_is_not_kept(office: Office) -> None:
    office.says(WANG, f"上报:微博网友@小北不吃辣 发帖称三中食堂吃出虫子,链接 {WEIBO}")
    with office.database.read() as work:
        kept = work.cases.reports(office.case().id)[0].text
    assert "小北不吃辣" not in kept + office.case().title + office.case().summary
    assert WEIBO in kept


def test_a_picture_after_the_words_belongs_to_their_case(both: Office) -> None:
    both.forwards(WANG, "三中食堂吃出虫子", WEIBO)
    both.passes(minutes=10)
    assert "已归入 001" in picture(both, WANG)
    with both.database.read() as work:
        (kept,) = work.evidence.of_case(both.case().id)
        assert (kept.state, kept.sender, kept.kind) == (EvidenceState.WAITING, WANG, "image")


def test_later_than_ten_minutes_it_is_asked_whose_the_picture_is(office: Office) -> None:
    office.forwards(WANG, "三中食堂吃出虫子", WEIBO)
    office.passes(minutes=10, seconds=1)
    asked = picture(office, WANG)
    assert "是哪一件的?" in asked
    assert "1 = 001" in asked
    assert "共 2 份" in picture(office, WANG, "M2")
    assert "2 份材料已归入 001" in to(WANG, office.says(WANG, "1"))
    with office.database.read() as work:
        assert len(work.evidence.of_case(office.case().id)) == 2


def test_a_picture_before_the_words_belongs_to_what_is_then_reported(office: Office) -> None:
    assert "请用文字写一下发生了什么" in picture(office, WANG)
    told = office.forwards(WANG, "三中食堂吃出虫子", WEIBO)
    assert "已归入这一件" in to(WANG, told)
    assert "没有等着归件" in to(WANG, office.says(WANG, "材料归入 001"))


def test_a_unit_adds_pictures_to_what_it_works_on_and_nobody_to_a_strangers(
    office: Office,
) -> None:
    office.forwards(WANG, "青禾路积水多日无人管", WEIBO)
    office.says(DIRECTOR, "定三级,交城管局")
    office.says(LIUYANG, "收到")
    assert "已归入 001" in picture(office, LIUYANG)
    picture(office, LI)
    assert "没有找到这个编号" in to(LI, office.says(LI, "材料归入 001"))


def test_the_administrator_reports_nothing_and_adds_nothing(office: Office) -> None:
    assert "不能补充" in picture(office, "admin")
    assert recipients(office.leaving()) == []
