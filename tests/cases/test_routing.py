"""Which unit: names as people write them, and a hundred matters with their lead and helpers."""

import csv
from pathlib import Path

import pytest

from cases.people import Unit
from cases.routing import find_unit, propose_unit
from cases.unit_names import UnitName, is_office, parse_name
from config.directory import load_directory

DATA = Path(__file__).parents[1] / "data"
UNITS = load_directory(DATA / "routing_units.toml").units
BY_ID = {unit.id: unit for unit in UNITS}
with (DATA / "routing.tsv").open(encoding="utf-8", newline="") as file:
    MATTERS = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
# Where the catalogue names one unit and we would rather have been asked.
KNOWN_MISSES = {"森林火灾扑救", "变压器噪声大"}


def found(said: str, units: tuple[Unit, ...] = UNITS) -> str | set[str] | None:
    unit = find_unit(units, said)
    if isinstance(unit, tuple):
        return {one.id for one in unit}
    return unit.id if unit else None


def routed(row: dict[str, str]) -> bool:
    named = [name for name in row["named"].split("、") if name]
    proposal = propose_unit(UNITS, row["text"], named, {})
    if row["lead"] == "?":
        return proposal.question is not None
    lead = proposal.lead.id if proposal.lead else ""
    helpers = ",".join(unit.id for unit in proposal.helpers)
    return lead == row["lead"] and (not row["helpers"] or row["helpers"] in helpers)


def test_a_hundred_matters_find_their_unit() -> None:
    assert len(MATTERS) == 100
    assert {row["text"] for row in MATTERS if not routed(row)} == KNOWN_MISSES


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("市教体局", "jiaoti"),
        ("教体局", "jiaoti"),
        ("教育体育局", "jiaoti"),
        ("市教育局", "jiaoti"),
        ("云溪市教体局", "jiaoti"),
        ("@市教体局", "jiaoti"),
        (" 教体 ", "jiaoti"),
        ("市监局", "shijian"),
        ("市场监管局", "shijian"),
        ("市市场监管局", "shijian"),
        ("云溪市市场监督管理局", "shijian"),
        ("我市市场监管局", "shijian"),
        ("住建", "zhujian"),
        ("住房城乡建设局", "zhujian"),
        ("城管", "chengguan"),
        ("城市管理局", "chengguan"),
        ("资规局", "zigui"),
        ("自然资源局", "zigui"),
        ("生环局", "shengtai"),
        ("市环保局", "shengtai"),
        ("卫健", "weijian"),
        ("交警", "jiaojing"),
        ("公安局交警支队", "jiaojing"),
        ("供水公司", "shuiwu"),
        ("临江区", "linjiang"),
        ("高新区管委会", "gaoxin"),
        ("桃花村", "yunshan"),
        ("linjiang", "linjiang"),
        ("燃气", "ranqi"),
    ],
)
def test_a_unit_is_found_by_the_names_people_use(said: str, unit: str) -> None:
    assert found(said) == unit


@pytest.mark.parametrize(
    "said", ["", "  ", "@", "市", "局", "排水公司", "某局", "上河区", "临河区教体局"]
)
def test_a_name_that_is_nobodys_finds_nobody(said: str) -> None:
    assert found(said) is None


def test_a_name_that_fits_several_finds_them_all() -> None:
    assert found("公司") == {"shuiwu", "gongdian", "ranqi", "reli", "gongjiao"}


def test_places_keep_units_of_one_kind_apart() -> None:
    units = (
        Unit("city", "市教体局"),
        Unit("lin", "临江区教育局"),
        Unit("gao", "高新区教育局"),
    )
    assert found("临江区教体局", units) == "lin"
    assert found("市教育局", units) == "city"
    assert found("教育局", units) == {"city", "lin", "gao"}
    assert found("区教育局", units) == {"lin", "gao"}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("市城管局", UnitName("市", "城管局")),
        ("城市管理局", UnitName("", "城管局")),
        ("市场监管局", UnitName("", "市监局")),
        ("市委宣传部", UnitName("市", "宣传部")),
        ("中共云溪市委宣传部", UnitName("云溪市", "宣传部")),
        ("市政府办公室", UnitName("市", "政府办")),
        ("云溪市市场监管局", UnitName("云溪市", "市监局")),
        ("医务部", UnitName("", "医务科")),
        ("“临江区”", UnitName("临江区", "")),
        ("市容所", UnitName("", "市容所")),
    ],
)
def test_a_name_has_a_place_and_an_office(said: str, name: UnitName) -> None:
    assert parse_name(said) == name


def test_what_ends_like_an_office_is_one() -> None:
    assert is_office("住建局")
    assert not is_office("积水")


def test_the_reason_names_the_duties() -> None:
    proposal = propose_unit(UNITS, "青禾路积水,井盖缺失", [], {})
    assert proposal.lead is BY_ID["chengguan"]
    assert proposal.helpers == (BY_ID["linjiang"],)
    assert proposal.reason == "市城管局主管：职责含“积水、井盖”；属地临江区政府配合"
    assert proposal.question is None


def test_an_earlier_ruling_beats_the_catalogue() -> None:
    earlier = {"电动车充电": "xiaofang", "电动车": "jiaojing", "充电": "gone"}
    proposal = propose_unit(UNITS, "青禾路小区电动车充电起火", [], earlier)
    assert proposal.lead is BY_ID["xiaofang"]
    assert proposal.reason.startswith("此前“电动车充电”裁定由市消防救援支队负责")
    assert proposal.helpers == (BY_ID["linjiang"],)


def test_a_ruling_about_another_matter_does_nothing() -> None:
    proposal = propose_unit(UNITS, "夜市油烟", [], {"电动车充电": "xiaofang"})
    assert proposal.lead is BY_ID["chengguan"]


def test_a_name_the_directory_does_not_know_is_asked_about() -> None:
    proposal = propose_unit(UNITS, "积水", ["市排水公司"], {})
    assert proposal.lead is None
    assert proposal.question == "名录里没有“市排水公司”，请问由哪个单位负责？"


def test_a_name_that_fits_several_is_asked_about() -> None:
    proposal = propose_unit(UNITS, "积水", ["公司"], {})
    assert proposal.question is not None
    assert "中的哪一个" in proposal.question


def test_a_known_and_an_unknown_name_give_a_lead_and_a_question() -> None:
    proposal = propose_unit(UNITS, "积水", ["市城管局", "城管", "市排水公司", "", "公司"], {})
    assert proposal.lead is BY_ID["chengguan"]
    assert proposal.question is not None
    assert "市排水公司" in proposal.question


def test_among_the_named_the_one_in_charge_leads_and_the_place_helps() -> None:
    proposal = propose_unit(UNITS, "小区电梯困人", ["临江区", "住建局"], {})
    assert proposal.lead is BY_ID["zhujian"]
    assert proposal.helpers == (BY_ID["linjiang"],)
    assert proposal.question is None


def test_places_alone_lead_when_only_places_are_named() -> None:
    proposal = propose_unit(UNITS, "村务不公开", ["云山镇"], {})
    assert proposal.lead is BY_ID["yunshan"]
    assert proposal.reason == "报送时写明云山镇政府"


def test_two_places_and_no_duty_are_asked_about() -> None:
    proposal = propose_unit(UNITS, "临江区和高新区交界处纠纷", [], {})
    assert proposal.lead is None
    assert proposal.question is not None
    assert "属地" in proposal.question


def test_a_unit_said_to_lead_leads_and_one_said_to_help_helps() -> None:
    proposal = propose_unit(UNITS, "建议教体局牵头、市监局配合查学校食堂食品", [], {})
    assert proposal.lead is BY_ID["jiaoti"]
    assert BY_ID["shijian"] in proposal.helpers


def test_a_unit_that_is_denied_does_not_count() -> None:
    assert propose_unit(UNITS, "不属于城管局管理", [], {}).lead is None


def test_no_units_ask() -> None:
    assert propose_unit((), "积水", [], {}).question == "看不出由哪个单位负责，请指定牵头单位"


def test_a_tie_between_office_and_place_goes_to_the_office() -> None:
    units = (
        Unit("office", "市水务局", duties=("河道",)),
        Unit("town", "云山镇", duties=("河道",), areas=("云山镇",)),
    )
    proposal = propose_unit(units, "河道淤积", [], {})
    assert proposal.lead is units[0]
    assert proposal.helpers == (units[1],)
