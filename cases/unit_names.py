"""Names of units as people write them: with or without 市, in full or short."""

import re
import unicodedata
from dataclasses import dataclass

# 同一单位的通行叫法，每组第一个是约定的短名。An institution's own names stand in its directory.
_GROUPS = (
    "教体局 教育体育局 教育和体育局 教育局 教体 教委",
    "市监局 市场监管局 市场监督管理局 市管局 市监 工商局 工商",
    "住建局 住房和城乡建设局 住房城乡建设局 住房与城乡建设局 住建委 住建 建设局 城乡建设局 城建局",
    (
        "城管局 城市管理局 城管委 城市管理委员会 城管 综合执法局 城管执法局 城管大队 城管执法大队"
        " 城市管理综合执法局 城市管理执法局"
    ),
    "人社局 人力资源和社会保障局 人力资源社会保障局 人社 劳动局",
    "资规局 自然资源和规划局 自然资源局 自然资源规划局 自规局 国土局 规划局 自然资源和规划",
    "生环局 生态环境局 环保局 环境保护局 生态环境 环保",
    "文旅局 文化和旅游局 文化旅游局 文广旅局 文体旅局 文化广电旅游局 文旅委 文旅 旅游局",
    "卫健委 卫生健康委员会 卫生健康委 卫健局 卫生健康局 卫计委 卫健 卫生局",
    "医保局 医疗保障局 医保",
    "应急局 应急管理局 应急办 安监局",
    "民政局 民政",
    "信访局 信访办 信访",
    "政法委 政法委员会",
    "交警支队 交警大队 交通警察支队 交巡警支队 公安交警支队 公安局交警支队 交警队 交警 交管局",
    "公安局 公安",
    "网安支队 网安大队 网安",
    "网信办 互联网信息办公室 网络安全和信息化委员会办公室 网信",
    "网管办 网络管理办公室",
    "宣传部 委宣传部",
    "融媒体中心 融媒体 融媒 融媒中心",
    "城投公司 城投 城投集团 城市投资公司",
    "供电公司 供电局 供电 电力公司 国网供电公司 电力局",
    "水务公司 自来水公司 供水公司 水务集团 自来水 供水集团",
    "水务局 水利局 水利",
    "排水公司 排水集团 排水管理处",
    "燃气公司 天然气公司 燃气集团 燃气 天然气",
    "热力公司 供热公司 热力集团 供热集团 热力 供热",
    "交通局 交通运输局 交运局 交通运输委员会",
    "农业农村局 农业局 农委 农业农村",
    "商务局 商务委 商务",
    "发改委 发展和改革委员会 发展改革委 发改局 发改",
    "退役军人局 退役军人事务局",
    "消防支队 消防救援支队 消防大队 消防救援大队 消防救援局 消防",
    "公积金中心 住房公积金管理中心 住房公积金中心 公积金管理中心 公积金",
    "房管局 房产局 房产管理局 住房保障局 住房保障和房产管理局",
    "政务服务局 行政审批局 政务服务管理局 政务服务中心 行政服务中心 数据局 政数局",
    "公交公司 公交集团 公交",
    "地铁公司 地铁集团 轨道公司 轨道交通集团 地铁",
    "园林局 园林绿化局 园林和林业局",
    "林业局 林草局",
    "金融办 金融局 地方金融管理局",
    "邮政管理局 邮管局",
    "烟草局 烟草专卖局",
    "政府办 政府办公室 人民政府办公室",
    "医务科 医务部 医务处",
    "总务科 后勤科 后勤保障部 总务处 后勤处",
    "保卫科 保卫处",
)
_SHORT = {name: names.split()[0] for names in _GROUPS for name in names.split()}
_KNOWN = {head: tuple(names.split()) for names in _GROUPS for head in names.split()[:1]}
_KEPT = ("市场", "市容", "市域", "区域", "县域", "市民", "市政", "县长", "市长", "区长", "市直")
_BARE = re.compile(
    r"^(?:中共|我|本|全)?(?P<region>[省市县区旗州])(?:委(?=宣传部|政法委|组织部|统战部|办))?"
)
_NAMED = re.compile(r"^(?:中共)?(?P<region>[\u4e00-\u9fff]{2,5}?[省市县区旗州])(?P<core>.*)$")
_OFFICES = "局委办部队司心会院处科校站所团"


@dataclass(frozen=True, slots=True)
class UnitName:
    """A name in its two parts: where, and what. Either may be empty."""

    region: str
    core: str

    def same(self, other: "UnitName") -> bool:
        """Whether the two can be one unit: one office, in places that can be the same."""
        return self.core == other.core and _compatible(self.region, other.region)


def _compatible(one: str, other: str) -> bool:
    if not one or not other or one == other:
        return True
    bare = len(one) == 1 or len(other) == 1  # 市 is 云溪市 to those who live there
    return bare and one[-1] == other[-1]


def parse_name(said: str) -> UnitName:
    """Return a name with its region apart and its office by the agreed short name."""
    text = re.sub(r"[\s@]+", "", unicodedata.normalize("NFKC", said)).strip("“”\"'《》()[],.。:;")
    if not text.startswith(_KEPT) or text.startswith("市政府"):
        bare = _BARE.match(text)
        if bare and len(text) > bare.end():
            return UnitName(bare["region"], short(text[bare.end() :]))
        named = _NAMED.match(text)
        if named and short(text) == text:
            return UnitName(named["region"], short(named["core"].removeprefix("委")))
    return UnitName("", short(text))


def short(core: str) -> str:
    """Return the agreed short name of an office, or the name itself."""
    return _SHORT.get(core, core)


def spellings(core: str) -> tuple[str, ...]:
    """Return every common way to write an office, the name itself among them."""
    return _KNOWN.get(short(core), (core,))


def is_office(name: str) -> bool:
    """Whether a name ends as offices do (局, 委, 公司 …), and so names a unit, not a topic."""
    return name.endswith(tuple(_OFFICES))
