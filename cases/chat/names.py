"""Names of units and persons, found in what people type, with or without a directory."""

import re
from collections.abc import Iterable

_STANDING = (
    "网信办|网管办|信访办|舆情办|交警|交管|特警|公安局交警|公安|城管|住建|消防救援|"
    "消防|网安|网信|网管|教体|市监|人社|资规|自规|生环|文旅|卫健|卫计|医保|信访|环卫|"
    "融媒体?|妇联|残联|"
    "总工会|团委|红十字会|法院|检察院|纪委监委|纪委|监委|税务|水务|供电|供水|排水|"
    "燃气|热力|供热|公交|城投|发改|经信|工信|应急|民政|"
    "退役军人|疾控|人防|督查室|两办|三办|文明办|综治办|督查办|创建办|防汛办|政府办(?!理|结|好|事)|"
    "市委办|县委办|区委办|府办|宣传部|组织部|统战部|政法委|派出所|自来水"
)
_BOUND = (
    "教育体育|教育|体育|市场监督管理|市场监管|住房和城乡建设|城乡建设|城市管理|"
    "综合执法|行政执法|人力资源和社会保障|人力资源社会保障|"
    "自然资源和规划|自然资源|规划|生态环境|环境保护|环保|文化和旅游|文化旅游|文广旅|"
    "文体|卫生健康|医疗保障|应急管理|交通运输|交通|"
    "水利|农业农村|农业|林业|园林绿化|园林|商务|发展和改革|发展改革|财政|审计|统计|"
    "司法|科技|民宗|外事|国资|金融|粮食|气象|地震|邮政|"
    "烟草|电力|大数据|政务服务|行政审批|机关事务|房管|住房保障|广电|档案|新闻出版|"
    "互联网信息|城市运行|指挥|公共资源交易|殡葬|动物卫生|"
    "投诉|市政|水政|路政|运管|物业管理|食药监|安监|质监|招商|投资促进|乡村振兴|宣传|组织|政法|舆情"
)
_SUFFIX = (
    "管理局|管委会|委员会|办公室|指挥部|领导小组|工作专班|专班|集团公司|有限公司|"
    "分公司|公司|集团|部门|支队|大队|总队|中队|分局|"
    "局|委(?!托|派|屈)|中心|站(?!岗|出)|处(?!理|置|罚|办|结|警)|所(?!有|以|在|反|涉)|"
    "队(?!员|伍)|部(?!分|署)|厅|科|股(?!票|价)"
)
_PLACE = r"(?:[\u4e00-\u9fff]{2,3}[省市县区州镇旗]|[省市县区州镇旗本我])(?:委|政府)?"
KNOWN_UNIT = (
    rf"(?:{_PLACE})?(?:(?:{_STANDING})(?:{_SUFFIX})?|"
    rf"(?:{_BOUND})(?:{_SUFFIX}))(?:(?:{_STANDING}|{_BOUND})?(?:支队|大队|中队|分局|"
    "办公室|处(?!理|置|罚|办|结)|所(?!有|以|在)|科|站|队(?!员|伍)|中心)|"
    rf"(?:(?:{_STANDING})(?:{_SUFFIX})?))?"
)
_OTHER_SUFFIX = (
    "街道办事处|街道办(?!理|结|好|事)|街道|镇政府|乡政府|区政府|县政府|市政府办公室|"
    "市政府办|市政府|人民政府|镇|乡|社区|居委会|村委会|片区|高新区|开发区|"
    "经开区|新区|景区|中学|小学|幼儿园|学校|学院|大学|医院|卫生院|集团|公司|物业|支队|"
    "大队|管委会|局|办|委|中心|区|县|厂|站|所|部|科|处|室"
)
OTHER_UNIT = (
    rf"[\u4e00-\u9fff]{{1,8}}?(?:{_OTHER_SUFFIX})(?:管委会|人民政府|政府|街道办事处|"
    "街道办(?!理|结)|街道|社区|分局|公司)?(?!长)"
)
_NUMBERED_UNIT = re.compile(
    r"[市县区]?第?[一二三四五六七八九十]{1,2}(?:中学|中|小学|小|医院|院|幼)"
)
_KNOWN = re.compile(KNOWN_UNIT)
_OTHER = re.compile(OTHER_UNIT)
_LEAD = re.compile(
    "(?:请|由|交由|交给|交办|转给|转由|转交|转办给?|转到|派给|派单给|分给|发给|推送给|"
    "报给|报送|先|再|让|给|把|将|也|都|还|另|并|协调|联系|通知|建议|"
    "需要?|须|得|找|叫|催一?下?|催办|问下?|指定|安排|责成|督促|要求|麻烦|劳烦|烦请|"
    "我们|咱们|说|是|归|属于?|为|"
    "转(?!运)|交(?!警|通|管|运|投|建|控|委)|应由|应该|和(?!平|谐|县)|与|及|跟|同(?!仁|"
    r"济|安|心)|@|的|等|到|对|向|在|加上?|增加|以及|单位|部门|[\s:])+"
)
_TASK = (
    "核实|核查|核处|核准|调查|处置|处理|办理|办结|办好|处结|负责|牵头|主办|承办|经办|"
    "协办|配合|协助|阅处|阅办|阅研|阅知|研提|研究|关注|跟进|跟踪|"
    "落实|答复|回复|回应|解决|查处|查明|查清|查实|查查|查一下|整改|反馈|参加|参与|"
    "出席|到会|到场|接办|接手|认领|签收|说明|解释|拿出|拟|派人|派员|赶|去|马上|立即|"
    "立刻|尽快|"
    "抓紧|抓一下|速|认真|及时|迅速|妥善|安排|看|一起|共同|联合|今天|明天|在|按|做|把|"
    "于|限|务必|必须|会同|来|抓|办|加快|快|处|"
    "下班|本周|周|前|上报|报|联系|组织|出面|管|同志|首报|排查|检查|发布|统一|对接|了解"
)
TASK = rf"(?:{_TASK})"
_MOST = 12  # units in one list
_BARE = re.compile(
    rf"[\u4e00-\u9fffA-Za-z]{{2,8}}?(?=\s*(?:{TASK}|等|一[起并]|[0-9、,。;:!(]|[和与及]|$))"
)
_SENTENCE = re.compile(
    "[我你他她它这那了着过吗呢吧很不的是有没]|转发|一下|出去|过去|规定|要求|意见|程序|"
    "结果|情况|时间|问题|方案|建议|大家|各位|领导|同志|网友|群众|尽快|抓紧|马上|立即|"
    "认真|核实|处理|调查|回复|反馈|务必|配合|协助|支持|批准|审核"
)
_LISTED = re.compile(
    r"\s*(?:[、/&+]|以及|和(?!平|谐)|[与及跟]|\s(?=[\u4e00-\u9fff]{2,10}(?:局|委|办|"
    r"公司|街道|镇|队)))\s*"
)
_SEPARATOR = re.compile(r"[、,/;&+\s]|以及|和(?!平|谐|县)|[与及跟]")
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹喻章苏潘葛范"
    "彭郎鲁韦马苗方俞任袁柳史唐薛雷贺倪汤滕罗毕郝安常"
    "于傅齐康伍余顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪舒项祝董梁杜阮蓝闵席季贾路江童颜郭梅盛"
    "林徐邱骆高夏蔡田胡霍万管卢莫房丁邓洪包石崔吉龚程"
    "邢裴陆荣翁荀段侯宁甘武刘景龙叶黎白蒲温庄晏柴瞿阎连习艾向易廖文曾关游温耿辛简饶欧"
)
_POST = (
    "(?:常务)?副?(?:市长|县长|区长|镇长|乡长|州长|局长|书记|主任|部长|主席|校长|院长|"
    "处长|科长|所长|队长|支队长|秘书长|总经理|董事长|经理|主管)|市|局|"
    "总|秘|工|县|区|书|处|科|主"
)
PERSON = (
    rf"(?:[老小][{_SURNAMES}](?![\u4e00-\u9fff]?(?:区|城|年|人|校|学))|"
    rf"[{_SURNAMES}](?:{_POST})|(?:市长|书记|局长|主任|县长|区长|部长|秘书长|主要领导|"
    "分管领导|领导))"
)
_PERSON = re.compile(PERSON)
_FAMILIAR = re.compile(rf"[老小][{_SURNAMES}](?![\u4e00-\u9fff]?(?:区|城|年|人|校|学|镇|村))")


class Names:
    """The names a directory knows, longest first; without one, only the shapes of names."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        """Prepare the finders for `known` names and aliases."""
        ordered = sorted({name for name in known if len(name) > 1}, key=len, reverse=True)
        listed = "|".join(map(re.escape, ordered))
        # An alias is not the whole name where more of the name follows: 城管 in 城管局.
        whole = f"(?:{listed})(?!局|委(?!托)|厅|支队|大队|总队|中心|公司)"
        self._finder = re.compile(f"{whole}|{KNOWN_UNIT}") if ordered else _KNOWN
        self._listed = frozenset(ordered)

    def units_in(self, text: str) -> list[str]:
        """Return the units named anywhere in `text`, in order, once each."""
        found = [self._trimmed(match[0]) for match in self._finder.finditer(text)]
        return list(dict.fromkeys(name for name in found if name))

    def units_of(self, argument: str) -> list[str]:
        """Return the units of an argument such as "教体局、市监局": here any name counts."""
        found = [self._leading(part)[0] for part in _SEPARATOR.split(argument) if part]
        return list(dict.fromkeys(name for name in found if name))

    def leading(self, text: str) -> tuple[list[str], int]:
        """Return the units listed at the beginning of `text`, and where the list ends."""
        found: list[str] = []
        position = 0
        while len(found) < _MOST:
            name, end = self._leading(text[position : position + 40])
            if not name:
                break
            found.append(name)
            position += end
            separator = _LISTED.match(text, position)
            if separator is None:
                break
            position = separator.end()
        return list(dict.fromkeys(found)), position

    def _leading(self, text: str) -> tuple[str, int]:
        """Return the one name at the beginning of `text`, behind words like 请, and its end."""
        known = self._finder.match(text)
        lead = _LEAD.match(text)
        start = 0
        if lead and (known is None or self._trimmed(known[0]) != known[0]):
            start = lead.end()
            known = self._finder.match(text, start)
        if known:
            name = self._trimmed(known[0])
            return name, known.end()
        familiar = _FAMILIAR.match(text, start)
        if familiar:
            return familiar[0], familiar.end()
        other = _OTHER.match(text, start) or _NUMBERED_UNIT.match(text, start)
        if other and not _SENTENCE.search(other[0]):
            return other[0], other.end()
        person = _PERSON.match(text, start)
        if person:
            return person[0], person.end()
        bare = _BARE.match(text, start)
        return (bare[0], bare.end()) if bare and not _SENTENCE.search(bare[0]) else ("", 0)

    def _trimmed(self, name: str) -> str:
        while name not in self._listed:
            lead = _LEAD.match(name)
            rest = name[lead.end() :] if lead else name
            if rest == name or not self._finder.match(rest):
                return name
            name = rest
        return name


def person_in(text: str) -> str:
    """Return the first person named by post or familiarly (王市长, 老李), or ""."""
    match = _PERSON.search(text)
    return match[0] if match else ""


def is_person(name: str) -> bool:
    """Whether the whole of `name` is a person rather than a unit."""
    return _PERSON.fullmatch(name) is not None
