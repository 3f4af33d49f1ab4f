"""A rulebook is read from its files, or all its faults are named at once."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cases.grading import ReportFacts, propose
from config.rulebook_grading import (
    SCHEMA,
    SHIPPED,
    RulebookError,
    load_grading,
    load_shipped,
    shipped_names,
)

GOOD = """
title = "试用两级"
document = "试用办法"

[[levels]]
name = "重大"
confirms = "分管领导"
needs_signoff = true
approver = "主要领导"
told = ["舆情办"]

[[levels]]
name = "一般"
confirms = "舆情办主任"
needs_signoff = false
approver = "舆情办主任"

[[rules]]
id = "many"
level = "重大"
says = "阅读过千"
clause = "阅读超过一千的"
any = [{ max = "reads", over = 1000 }]

[[rules]]
id = "rest"
level = "一般"
says = "其余"
clause = "其余的"
otherwise = true
"""
SCORE = """
title = "计分"
document = "试用办法"
[[levels]]
name = "高"
confirms = "分管领导"
needs_signoff = true
approver = "主要领导"
[[levels]]
name = "低"
confirms = "舆情办主任"
needs_signoff = false
approver = "舆情办主任"
[[factors]]
id = "f"
title = "阅读"
weight = 100
clause = "阅读"
steps = [
  { points = 10, title = "少" },
  { points = 100, title = "多", any = [{ max = "reads", from = 10 }] },
]
[[bands]]
level = "高"
at_least = 50
clause = "≥50"
[[bands]]
level = "低"
at_least = 0
clause = "<50"
"""


def folder(tmp_path: Path, text: str, media: str | None = None) -> Path:
    place = tmp_path / "trial"
    place.mkdir(exist_ok=True)
    (place / "grading.toml").write_text(text, encoding="utf-8")
    if media is not None:
        (place / "media.toml").write_text(media, encoding="utf-8")
    return place


def faults(tmp_path: Path, text: str, media: str | None = None) -> str:
    with pytest.raises(RulebookError) as caught:
        load_grading(folder(tmp_path, text, media))
    return "\n".join(caught.value.faults)


def test_a_new_rulebook_needs_no_code(tmp_path: Path) -> None:
    rules = load_grading(folder(tmp_path, GOOD))
    assert (rules.name, rules.title) == ("trial", "试用两级")
    assert propose(rules, ReportFacts("阅读1001")).level == "重大"
    assert propose(rules, ReportFacts("阅读1000")).level == "一般"


def test_the_hospital_shows_a_rulebook_with_facts_of_its_own() -> None:
    rules = load_shipped("hospital3")
    report = ReportFacts("护士被打，视频流传")
    assert [one.rule for one in propose(rules, report).reasons] == ["h_staff"]


def test_a_score_of_ones_own(tmp_path: Path) -> None:
    rules = load_grading(folder(tmp_path, SCORE))
    assert propose(rules, ReportFacts(metrics={"reads": 10})).level == "高"
    assert propose(rules, ReportFacts(metrics={"reads": 9})).level == "低"


def test_a_name_that_does_not_ship_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_shipped("../city3")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title = "试用两级"', "", "缺少 title"),
        ('document = "试用办法"', "", "缺少 document"),
        ("otherwise = true", "", "应有 any 或 all，或者 otherwise = true"),
        ("otherwise = true", 'otherwise = true\nany = ["key"]', "二者取一"),
        ('{ max = "reads", over = 1000 }', '"reeds"', "不认识名为“reeds”的事实，是否想写 reads"),
        ('{ max = "reads", over = 1000 }', '"某某"', "不认识名为“某某”的事实"),
        ('{ max = "reads", over = 1000 }', '"reads"', "reads 不是是否类事实"),
        ('{ max = "reads", over = 1000 }', "3", "条件应为名称或 {…}，不是 3"),
        ('{ max = "reads", over = 1000 }', '{ maxx = "reads" }', "看不懂条件 {maxx}"),
        ('{ max = "reads", over = 1000 }', '{ max = "key", over = 1 }', "key 不是数字类事实"),
        ('{ max = "reads", over = 1000 }', '{ fact = "hot", is = "x" }', "hot 没有取值“x”"),
        ('{ max = "reads", over = 1000 }', '{ fact = "no", is = "x" }', "不认识名为“no”的事实"),
        ('{ max = "reads", over = 1000 }', '{ fact = "key", is = "x" }', "（它不是选项）"),
        ('{ max = "reads", over = 1000 }', '{ max = "reads", over = "多" }', "over 应为数字"),
        ("over = 1000", "from = 9, to = 3", "没有数能同时不小于 9 且不大于 3"),
        ("over = 1000", "over = 9, to = 9", "没有数能同时"),
        ("over = 1000", "from = 1, over = 1", "只能各写一个"),
        ("over = 1000", 'over = 1000, counted = "x"', "counted 应为 one_post、all_posts"),
        ('any = [{ max = "reads", over = 1000 }]', "any = []", "any 应为不空的列表"),
        ('any = [{ max = "reads", over = 1000 }]', 'any = "key"', "any 应为不空的列表"),
        ('level = "重大"', 'level = "特大"', "没有等级“特大”，可用：重大、一般"),
        ('confirms = "分管领导"', 'confirms = "领导"', "confirms: 没有“领导”，可用：信息员"),
        ('told = ["舆情办"]', 'told = ["大家"]', "told: 没有“大家”，可用：舆情办"),
        ('id = "rest"', 'id = "many"', "id “many”用了两次"),
        ('name = "一般"', 'name = "重大"', "等级“重大”写了两次"),
        ('says = "其余"', 'say = "其余"', "不认识 say, 是否想写 says"),
        ('level = "一般"\n', 'level = "重大"\n', "最低等级“一般”应有（且只有它有）"),
        ("otherwise = true", 'any = ["key"]', "最低等级“一般”应有（且只有它有）"),
        ("title =", "title", "不是有效的 TOML"),
    ],
)
def test_each_fault_is_named_with_file_and_place(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in GOOD
    named = faults(tmp_path, GOOD.replace(old, new))
    assert words in named
    assert named.startswith("trial/grading.toml: ")


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('"reads"', '"reeds"').replace('told = ["舆情办"]', 'told = ["大家"]')
    text = text.replace('says = "其余"\n', "").replace('title = "试用两级"', "")
    named = faults(tmp_path, text).splitlines()
    assert len(named) == 4


def test_a_level_without_a_rule_is_a_fault(tmp_path: Path) -> None:
    extra = GOOD[GOOD.index("[[levels]]") : GOOD.index('told = ["舆情办"]')].replace("重大", "特大")
    named = faults(tmp_path, GOOD.replace("[[levels]]", extra + "[[levels]]", 1))
    assert "等级“特大”没有任何条款" in named


def test_an_empty_rulebook_says_what_is_missing(tmp_path: Path) -> None:
    assert "缺少 [[levels]]" in faults(tmp_path, 'title = "空"\ndocument = "空"\n')


def test_a_folder_without_a_rulebook_says_so(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="找不到文件"):
        load_grading(tmp_path / "none")


def test_a_doubt_is_checked_like_a_rule(tmp_path: Path) -> None:
    doubt = (
        '[[doubts]]\nid = "d"\ncould_be = "特大"\nfact = "reeds"\nquestion = "?"\nclause = "?"\n'
    )
    named = faults(tmp_path, GOOD + doubt)
    assert "缺少 any 或 all" in named
    assert "没有等级“特大”" in named
    assert "fact: 不认识名为“reeds”的事实" in named


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("weight = 100", "weight = 90", "weight 合计应为 100，现为 90"),
        ("points = 100", "points = 5", "分值由低到高"),
        (', any = [{ max = "reads", from = 10 }]', "", "第一档不写条件"),
        ("at_least = 0", "at_least = 60", "由高到低，最后一档为 0"),
        ('level = "低"\nat_least', 'level = "高"\nat_least', "一一对应"),
        ("[[bands]]", "[[bans]]", "要么都有，要么都没有"),
        (
            "[[factors]]",
            '[[rules]]\nid="x"\nlevel="低"\nsays="x"\nclause="x"\notherwise=true\n[[factors]]',
            "计分的规则不写 otherwise",
        ),
    ],
)
def test_a_score_that_does_not_add_up_is_a_fault(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in SCORE
    assert words in faults(tmp_path, SCORE.replace(old, new))


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ('title = "甲"', "缺少 question"),
        ('title = "甲"\nquestion = "?"\nkind = "多选"', "kind: 没有“多选”，可用：flag、choice"),
        ('title = "甲"\nquestion = "?"\nkind = "choice"', "缺少 choices"),
        ('title = "甲"\nquestion = "?"\nyes = ["需…市"]', "至少要两个字"),
        ('title = "甲"\nquestion = "?"\nyes = ["需要…|市"]', "里有空的词"),
        ('title = "甲"\nquestion = "?"\nasked = "他"', "asked: 没有“他”"),
    ],
)
def test_a_fact_of_ones_own_is_checked(tmp_path: Path, fact: str, words: str) -> None:
    assert words in faults(tmp_path, f"{GOOD}\n[facts.own]\n{fact}\n")


def test_conditions_may_be_nested_and_denied(tmp_path: Path) -> None:
    denied = '{ not = { all = ["rapid", "sprout"] } }'
    nested = f'all = [{{ any = ["key", {denied}] }}, "not wide"]\nany = ["loss"]'
    text = GOOD.replace('any = [{ max = "reads", over = 1000 }]', nested)
    rules = load_grading(folder(tmp_path, text))
    assert propose(rules, ReportFacts(metrics={"loss": True})).level == "重大"
    assert propose(rules, ReportFacts(metrics={"loss": True, "wide": True})).level == "一般"
    both = {"loss": True, "rapid": True, "sprout": True}
    assert propose(rules, ReportFacts(metrics=both)).level == "一般"


MEDIA = """
[[media]]
tier = "city_site"
kind = "site"
names = ["云溪热线网"]
[[media]]
tier = "none"
names = ["荆楚网"]
[[periods]]
name = "龙舟节"
first = "05-20"
last = "05-22"
"""


def test_an_institution_keeps_its_own_media_beside_the_rules(tmp_path: Path) -> None:
    city = (SHIPPED / "city3" / "grading.toml").read_text(encoding="utf-8")
    rules = load_grading(folder(tmp_path, city, MEDIA))
    own = ReportFacts("积水，引发广泛关注", source_media="云溪热线网")
    assert propose(rules, own).level == "二级"
    assert propose(load_shipped("city3"), own).level == "三级"
    moved = ReportFacts("积水，引发广泛关注", source_media="荆楚网")
    assert propose(rules, moved).level == "三级"
    assert propose(load_shipped("city3"), moved).level == "二级"


@pytest.mark.parametrize(
    ("media", "words"),
    [
        ('[[media]]\ntier = "省"\nnames = ["甲乙"]', "没有媒体层级“省”，可用：central"),
        ('[[media]]\ntier = "none"\nnames = ["甲"]', "“甲”至少要两个字"),
        ('[[periods]]\nname = "x"\nfirst = "13-01"\nlast = "六月"', "first 应为 月-日"),
        ('[[platforms]]\nkind = "墙"\nnames = ["墙报"]', "kind: 没有“墙”，可用：ugc"),
        ("[name]\nboard = []", "不认识 name"),
    ],
)
def test_the_media_file_is_checked_too(tmp_path: Path, media: str, words: str) -> None:
    named = faults(tmp_path, GOOD, media)
    assert words in named
    assert "trial/media.toml" in named


def test_tiers_of_ones_own_are_checked_against_themselves(tmp_path: Path) -> None:
    media = (
        'tiers = ["甲"]\n[[media]]\ntier = "乙"\nnames = ["报纸"]\n'
        '[[endings]]\ntier = "丙"\nwords = ["周报"]'
    )
    named = faults(tmp_path, GOOD, media)
    assert "没有“乙”，可用：甲" in named
    assert "没有“丙”，可用：甲" in named


def test_more_endings_platforms_and_hot_lists_of_ones_own(tmp_path: Path) -> None:
    media = (
        '[[endings]]\ntier = "city_site"\nkind = "press"\nwords = ["周报"]\n'
        '[[hot_lists]]\nscope = "local"\nwords = ["云溪榜单"]\n'
        '[[platforms]]\nkind = "board"\nnames = ["云溪直通"]\n'
    )
    city = (SHIPPED / "city3" / "grading.toml").read_text(encoding="utf-8")
    rules = load_grading(folder(tmp_path, city, media))
    report = ReportFacts("上了云溪榜单，引发热议", source_media="云溪周报")
    assert propose(rules, report).level == "二级"
    assert rules.reader.finder.is_board("云溪直通")


SCHEMA_TEXT: Mapping[str, object] = json.loads(SCHEMA.read_text(encoding="utf-8"))


KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


def definition(reference: object) -> Mapping[str, object]:
    definitions = SCHEMA_TEXT["$defs"]
    assert isinstance(definitions, dict)
    found = definitions[str(reference).rpartition("/")[2]]
    assert isinstance(found, dict)
    return found


def schema_faults(value: object, schema: Mapping[str, object], at: str) -> Iterator[str]:
    """Yield what the part of JSON schema that ours uses finds wrong."""
    if "$ref" in schema:
        yield from schema_faults(value, definition(schema["$ref"]), at)
    elif isinstance(choices := schema.get("oneOf"), list):
        if all(list(schema_faults(value, one, at)) for one in choices):
            yield f"{at}: none of the forms"
    elif not isinstance(value, KINDS[str(schema["type"])]):
        yield f"{at}: no {schema['type']}"
    else:
        yield from content_faults(value, schema, at)


def content_faults(value: object, schema: Mapping[str, object], at: str) -> Iterator[str]:
    if isinstance(enum := schema.get("enum"), list) and value not in enum:
        yield f"{at}: {value}"
    if isinstance(value, list):
        items = schema["items"]
        assert isinstance(items, dict)
        for one in value:
            yield from schema_faults(one, items, f"{at}[]")
    if isinstance(value, dict):
        yield from object_faults(value, schema, at)


def object_faults(
    value: Mapping[str, object], schema: Mapping[str, object], at: str
) -> Iterator[str]:
    known = schema.get("properties", {})
    more = schema.get("additionalProperties")
    required = schema.get("required", [])
    assert isinstance(known, dict)
    assert isinstance(required, list)
    yield from (f"{at}: lacks {name}" for name in required if name not in value)
    for name, one in value.items():
        part = known.get(name, more)
        if isinstance(part, dict):
            yield from schema_faults(one, part, f"{at}.{name}")
        else:
            yield f"{at}: unknown {name}"


@pytest.mark.parametrize("name", shipped_names())
def test_what_ships_keeps_to_the_schema_for_editors(name: str) -> None:
    text = (SHIPPED / name / "grading.toml").read_text(encoding="utf-8")
    assert text.startswith("#:schema ../grading.schema.json\n")
    assert list(schema_faults(tomllib.loads(text), SCHEMA_TEXT, name)) == []


def test_the_schema_refuses_what_the_loader_refuses() -> None:
    for old, new in [
        ('says = "其余"', 'say = "其余"'),
        ('confirms = "分管领导"', 'confirms = "他"'),
    ]:
        assert list(schema_faults(tomllib.loads(GOOD.replace(old, new)), SCHEMA_TEXT, "x"))
    assert list(schema_faults(tomllib.loads(SCORE), SCHEMA_TEXT, "x")) == []
