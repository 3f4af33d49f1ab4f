"""Media, platforms and hot lists: whose post it is, and which media have taken it up."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cases.grading.words import (
    Hit,
    Lexicon,
    clause_after,
    clause_before,
    normal,
    sentence_around,
    stance,
)


class MediaKind(StrEnum):
    """What sort of medium it is: only television and the press are 主流媒体 in some rules."""

    TELEVISION = "tv"
    PRESS = "press"
    SITE = "site"
    AGENCY = "agency"
    ANY = "any"


class PlatformKind(StrEnum):
    """What a platform is: who may publish there."""

    UGC = "ugc"  # everybody: the publisher decides
    PORTAL = "portal"
    FORUM = "forum"
    BOARD = "board"  # 留言板、问政、信箱: always a citizen's message, never media


@dataclass(frozen=True, slots=True)
class Medium:
    """A medium by one of its names. `tier` "" is a name that only looks like a medium."""

    name: str
    tier: str
    kind: MediaKind


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform by one of its names, with facts that follow from it (name -> value)."""

    name: str
    kind: PlatformKind
    implies: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """A shape of names: 日报, 卫视, 电视台 … with the tier that goes with what stands before it."""

    word: str
    kind: MediaKind
    tier: str


@dataclass(frozen=True, slots=True)
class MediaTable:
    """The tables an office edits beside its rules (media.toml)."""

    media: tuple[Medium, ...]
    platforms: tuple[Platform, ...]
    endings: tuple[Ending, ...]
    provinces: tuple[str, ...]
    hot_lists: tuple[tuple[str, str], ...]  # phrase -> scope
    local_words: tuple[str, ...]  # words that make a hot list a local one
    citizen_words: tuple[str, ...]  # a publisher so called is a person
    board_words: tuple[str, ...]
    account_words: tuple[str, ...]  # what may follow a medium's name in an account's name
    tiers: tuple[str, ...]  # highest first


class Mode(StrEnum):
    """How a text speaks of a medium."""

    REPORTED = "报道"
    CONTACTED = "关注"
    MENTIONED = "提到"
    DENIED = "没有"


@dataclass(frozen=True, slots=True)
class Mention:
    """A medium in a text. `tier` "" means: some medium, which was not said."""

    words: str
    tier: str
    kind: MediaKind
    mode: Mode


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who published a post, as far as the tables tell."""

    tier: str  # "none" for a person, "" for unknown
    kind: MediaKind
    words: str


_REPORTS = (
    "报道|刊发|刊登|刊载|刊文|登载|播出|播发|播报|曝光|刊播|转载|转发|跟进|发文|发布|推送|推文|头版|发稿|评论员|点名"
    "|披露|暗访|直播|刊出|发表|首发|首页|头条推荐|播了|发了|报了|登了|短评|锐评|时评|述评|发声|发微博|推出"
)
_CONTACTS = (
    "关注|采访|来电|来函|致电|致函|介入|求证|联系|到场|询问|函询|约访|连线|跟踪|要播|要报|编导"
)
_ACTS = re.compile(f"(?P<report>{_REPORTS})|(?P<contact>{_CONTACTS})")
_REPORTER = re.compile("(?P<contact>记者)(?P<report>(?!))?")  # a reporter, no act named
_TO_MEDIA = re.compile(
    r"(?:向|给|找|联系|联系了|拨打|投诉到|爆料给|投稿|告诉|求助|寻求|@|呼叫|反映给|反映到|投诉至|发给|发到|寄给|艾特)"
    r"(?:了|过)?(?:《)?$"
)
_BY_MEDIA = re.compile(
    r"(?:接受|接到|收到|应|被|遭|经|据|受到|引起|引发|引来|吸引|登上|来自|面对|回应|答复|接待)[^,]{0,6}$"
)
_DENY_ACT = re.compile(
    r"(?:未|没有|没|尚未|暂未|并未|未予|无|不予|不再)(?:有|予以|予|进行|作|做|再|对此|就此)?(?:过)?$"
)
_PLANNED = re.compile(
    r"(?:可能|或将|恐(?!慌|怖)|如果|假如|一旦|是否|会不会|要求|希望|请求|呼吁|建议|扬言|威胁|声称|谎称|冒充|假冒|自称|避免|防止|请|求(?!证)|盼|曾|20[0-9]{2}年|去年|前年|往年|旧闻)"
)
_AFTER_CITIZEN = re.compile(
    r"^[》」”\"]?(?:的)?(?:网友|读者|粉丝|观众|热线|投诉|评论区|留言|论坛|社区|贴吧|问政|百姓呼声)"
)
_CITIZEN_AT = re.compile(
    r"(?:网友|网民|市民|村民|业主|家长|居民|群众|读者|用户|有人)[^,]{0,10}(?:在|于|通过|到|上|往|用)$"
)
_NO_MEDIA = re.compile(
    r"(?:没有|暂无|尚无|并无|均无|无|未有|未见|未发现|未引起|未引发|未获|未受到|未被|暂未|尚未|还没有|没)"
    r"(?:任何|其他|有|被|引起|引发|出现|受到|见)?(?:主流|新闻|各级|各类|相关|传统|权威)?媒体"
)
_MEDIA_NOT = re.compile(
    r"(?<!自)媒体(?:方面)?(?:尚|均|都|也|暂|还|目前|暂时)*(?:未|没有|没|无)(?!经)"
)
_SOME_MEDIA = re.compile(
    r"(?<!自)(?<!融)媒体[^,。;!?\n]{0,10}(?:报道|刊发|刊登|播出|曝光|转载|采访|关注|介入)"
)
_SEPARATORS = re.compile(r"[\s/、,;|@:()\-—·“”\"《》\[\]【】_]+")


class MediaFinder:
    """The tables made ready to search with. Build once per rulebook."""

    def __init__(self, table: MediaTable) -> None:
        self.table = table
        self._names = Lexicon((medium.name, medium) for medium in table.media)
        self._endings = Lexicon((ending.word, ending) for ending in table.endings)
        self._by_name = {normal(medium.name).casefold(): medium for medium in table.media}
        self._platforms = {normal(p.name).casefold(): p for p in table.platforms}
        self._hot = Lexicon(table.hot_lists)
        self._citizen = re.compile("|".join(map(re.escape, table.citizen_words)) or "(?!)")
        boards = "|".join(map(re.escape, table.board_words)) or "(?!)"
        self._board = re.compile(boards)
        self._board_next = re.compile(rf"(?:客户端|网站|官网|网|APP|app|的|》)*(?:{boards})")
        accounts = "|".join(map(re.escape, sorted(table.account_words, key=len, reverse=True)))
        self._account = re.compile(rf"(?:{accounts})*")

    def platform(self, said: str) -> Platform | None:
        """Return the platform of that name, or whose name begins or ends what was said."""
        wanted = normal(said).strip().casefold()
        found = self._platforms.get(wanted)
        if found or not wanted:
            return found
        inside = [p for name, p in self._platforms.items() if name in wanted]
        return max(inside, key=lambda platform: len(platform.name), default=None)

    def is_board(self, said: str) -> bool:
        """Whether it is a message board: what stands there is a citizen's message."""
        platform = self.platform(said)
        board = platform is not None and platform.kind is PlatformKind.BOARD
        return board or self._board.search(normal(said)) is not None

    def publisher(self, said: str) -> Publisher | None:
        """Return whose name `said` is: a medium (or its official account), a person, or unknown.

        None where nothing was said.
        """
        text = normal(said).strip()
        if not text:
            return None
        exact = self._by_name.get(text.casefold())
        if not exact and (self.is_board(text) or self._citizen.search(text)):
            return Publisher("none", MediaKind.ANY, said)
        media = [m for m in map(self._medium, _SEPARATORS.split(text)) if m]
        media = media or [m for m in [self._medium(text)] if m]
        known = [m for m in media if m.tier]
        if not known:
            return Publisher("none" if media else "", MediaKind.ANY, said)
        best = min(known, key=lambda medium: self.table.tiers.index(medium.tier))
        return Publisher(best.tier, best.kind, said)

    def _medium(self, token: str) -> Medium | None:
        """Return the medium a token names: exactly, as an account of it, or by its shape."""
        wanted = token.casefold()
        if wanted in self._by_name:
            return self._by_name[wanted]
        for cut in range(len(wanted) - 1, 1, -1):
            medium = self._by_name.get(wanted[:cut])
            if medium and self._account.fullmatch(token[cut:]):
                return medium
        return self._shaped(token)

    def _shaped(self, token: str) -> Medium | None:
        for hit in self._endings.find(token):
            if hit.start >= 1 and self._account.fullmatch(token[hit.end :]):
                return self._by_ending(token, hit)
        return None

    def _by_ending(self, text: str, hit: Hit[Ending]) -> Medium:
        before = text[max(0, hit.start - 8) : hit.start]
        ending = hit.means
        tier = ending.tier
        if before.endswith(("县", "区", "旗", "镇", "乡", "街道")):
            tier = "city_other"
        elif before.endswith("中央"):
            tier = "central"
        elif before.endswith("省") or any(before.endswith(name) for name in self.table.provinces):
            tier = "province_site" if ending.kind is MediaKind.SITE else "province"
        return Medium(before + ending.word, tier, ending.kind)

    def mentions(self, text: str) -> Iterator[Mention]:
        """Yield the media a text (already `normal`) speaks of, and how."""
        taken: set[int] = set()
        for hit in self._names.find(text):
            if _free(hit, taken):
                taken.update(range(hit.start, hit.end))
                if hit.means.tier and hit.means.tier != "none" and _is_name(text, hit):
                    yield self._mention(text, hit, hit.means)
        for shape in self._endings.find(text):
            if _free(shape, taken) and _is_name(text, shape):
                taken.update(range(shape.start, shape.end))
                medium = self._by_ending(text, shape)
                yield self._mention(text, shape, medium)
        yield from _unnamed(text)

    def _mention(self, text: str, hit: Hit[Medium] | Hit[Ending], medium: Medium) -> Mention:
        mode = _mode(text, hit)
        if mode is not Mode.DENIED and self._board_next.match(text, hit.end):
            mode = Mode.MENTIONED
        return Mention(medium.name, medium.tier, medium.kind, mode)

    def says_citizen(self, text: str) -> bool:
        """Whether a text says that it is a citizen who posted."""
        return _CITIZEN_POSTED.search(text) is not None

    def hot(self, text: str) -> Iterator[tuple[str, str, bool | None]]:
        """Yield the hot lists a text speaks of: words, scope, and whether it is on it."""
        for hit in self._hot.find(text):
            before = clause_before(text, hit.start).rpartition("、")[2]
            after = clause_after(text, hit.end).partition("、")[0]
            near = before[-10:] + text[hit.start : hit.end] + after[:6]
            scope = "local" if any(word in near for word in self.table.local_words) else hit.means
            yield text[hit.start : hit.end], scope, stance(text, hit).stated


_CITIZEN_POSTED = re.compile(
    r"(?:网友|网民|市民|村民|业主|家长|居民|群众|读者|用户|学生|患者|家属|消费者|博主|有人|某人|自媒体)"
    r"[^。;\n]{0,14}(?:发帖|留言|反映|投诉|爆料|求助|发布|称|吐槽|上传|发视频|发文|质疑|举报|咨询|建议|诉求|曝料|跟帖)"
)


_NO_NAME_AFTER = {
    "报": "道警告名送备销到废价复考表批",
    "台": "阶风账湾办历州上下",
    "网": "友民络红吧格点站购约课",
}
_NO_NAME_BEFORE = frozenset("今昨近即当每次前明及提尽趁")


def _is_name(text: str, hit: Hit[Medium] | Hit[Ending]) -> bool:
    """Whether the words stand there as a name: 近日报道 holds no 日报, 城市台阶 no 市台."""
    ends = _NO_NAME_AFTER.get(text[hit.end - 1], "")
    if hit.end < len(text) and text[hit.end] in ends:
        return False
    shaped = isinstance(hit.means, Ending)
    return not (shaped and (hit.start == 0 or text[hit.start - 1] in _NO_NAME_BEFORE))


def _free(hit: Hit[Medium] | Hit[Ending], taken: set[int]) -> bool:
    return taken.isdisjoint(range(hit.start, hit.end))


def _unnamed(text: str) -> Iterator[Mention]:
    """Yield what is said of media without a name: 没有媒体关注, 多家媒体报道."""
    denied = _NO_MEDIA.search(text) or _MEDIA_NOT.search(text)
    if denied:
        yield Mention(denied.group(), "", MediaKind.ANY, Mode.DENIED)
        return
    spoken = _SOME_MEDIA.search(text)
    if spoken:
        yield Mention(spoken.group(), "", MediaKind.ANY, Mode.MENTIONED)


def _mode(text: str, hit: Hit[Medium] | Hit[Ending]) -> Mode:
    before, after = clause_before(text, hit.start), clause_after(text, hit.end)
    if _AFTER_CITIZEN.match(after) or _CITIZEN_AT.search(before):
        return Mode.MENTIONED
    act = _ACTS.search(after) or _ACTS.search(after := _next_clause(text, hit.end))
    act = act or _REPORTER.search(after)
    judged = stance(text, hit)
    if judged.stated is False or (act and _DENY_ACT.search(after[: act.start()])):
        return Mode.DENIED
    if judged.stated is None or _PLANNED.search(before + after[: act.start() if act else 0]):
        return Mode.MENTIONED
    if _TO_MEDIA.search(before) and not (act and act["report"]):
        return Mode.MENTIONED
    if act:
        return Mode.REPORTED if act["report"] else Mode.CONTACTED
    if after.startswith("》") or text[hit.end : hit.end + 1] == ":":
        return Mode.REPORTED
    return Mode.REPORTED if _BY_MEDIA.search(before) else Mode.MENTIONED


def _next_clause(text: str, end: int) -> str:
    """Return the rest of the sentence after `end`, but not far: the verb may follow a comma."""
    _, finish = sentence_around(text, end, end)
    return text[end : min(finish, end + 16)]
