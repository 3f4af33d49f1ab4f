"""Platforms by their everyday names, and media with their tier (媒体层级)."""

import re

PLATFORMS = {
    "微博": "微博",
    "抖音": "抖音",
    "快手": "快手",
    "小红书": "小红书",
    "今日头条": "今日头条",
    "头条": "今日头条",
    "视频号": "微信视频号",
    "公众号": "微信公众号",
    "知乎": "知乎",
    "百度贴吧": "百度贴吧",
    "贴吧": "百度贴吧",
    "B站": "哔哩哔哩",
    "b站": "哔哩哔哩",
    "哔哩哔哩": "哔哩哔哩",
    "领导留言板": "领导留言板",
    "本地论坛": "本地论坛",
    "论坛": "本地论坛",
    "朋友圈": "微信朋友圈",
    "微信群": "微信群",
    "业主群": "微信群",
    "家长群": "微信群",
    "12345": "12345热线",
    "市长信箱": "政府网站信箱",
    "政府网站信箱": "政府网站信箱",
    "民声网": "网络问政平台",
    "问政平台": "网络问政平台",
    "豆瓣": "豆瓣",
    "西瓜视频": "西瓜视频",
}
_PLATFORM = re.compile("|".join(sorted(PLATFORMS, key=len, reverse=True)))
_WORK = "客户端|微博|微信公众号|公众号|官微|官网|视频号|抖音号|新闻|记者站|记者|频道|栏目|头版|网站"
_CENTRAL = (
    "人民日报|人民网|人民视频|新华社|新华网|新华视点|中央广播电视总台|央视新闻|央视网|"
    "央视|CCTV|央广网?|国际台|光明日报|光明网|经济日报|求是|解放军报|中国日报|"
    "科技日报|"
    "工人日报|中国青年报|中青报|中青在线|中国妇女报|农民日报|法治日报|法制日报|"
    "中国新闻社|中新社|中新网|中国新闻网|中国纪检监察报|中国新闻周刊|中国之声|"
    "焦点访谈|新闻联播"
)
_PORTAL = (
    "澎湃新闻|澎湃|界面新闻|界面|新浪|搜狐|网易|腾讯新闻|凤凰网?|今日头条首页|"
    "百度首页|红星新闻|极目新闻|封面新闻|新京报|上游新闻|九派新闻|南方周末|财新网?"
)
_PROVINCE = (
    "省(?:广播)?(?:电视台|电台|卫视|台|日报社?|报(?=[^告送备名道到])|级媒体|里媒体|"
    r"级以上媒体|媒体)|[\u4e00-\u9fff]{2}卫视|[\u4e00-\u9fff]{2,3}都市报|都市频道|"
    "大河报|楚天都市报|荆楚网"
)
_CITY = (
    "(?:市|县|区|本地|地方)(?:广播)?(?:电视台|电台|台(?!账|风|阶)|日报社?|晚报|"
    r"融媒体?(?:中心)?|媒体)|[\u4e00-\u9fff]{2}(?:晚报|晨报)"
)
_MEDIA = re.compile(
    rf"(?P<central>(?:{_CENTRAL}))(?:{_WORK}|[\u4e00-\u9fff]{{0,2}}频道|财经)?(?:{_WORK})?"
    rf"|(?P<portal>(?:{_PORTAL}))(?:{_WORK})?"
    rf"|(?P<province>(?:{_PROVINCE}))(?:[\u4e00-\u9fff]{{2}}频道)?(?:{_WORK})?"
    rf"|(?P<city>(?:{_CITY}))(?:{_WORK})?"
)
# What a medium does; a citizen's post on its board is no report of the medium.
_ACTS = re.compile(
    "报道|刊发|刊登|刊播|播出|播了|播的|要播|发了|发文|发稿|推送|曝光|登了|转载|采访|"
    "来电|打电话|来问|在问|联系|到场|到现场|关注|暗访|发布了|评论员|约访|发函|采访函|"
    "头版|都发|发了|稿|拍|点名|评论|播"
)
_BOARD = re.compile(r"留言板|@")


def platform_named(text: str) -> str:
    """Return the platform `text` names by its everyday name, or ""."""
    match = _PLATFORM.search(text)
    return PLATFORMS[match[0]] if match else ""


def medium_in(text: str) -> tuple[str, str]:
    """Return the gravest medium that took the matter up, as written, and its tier; else two ""."""
    if _BOARD.search(text):
        return "", ""
    ranks = ("central", "portal", "province", "city")
    found = [(ranks.index(match.lastgroup or ""), match[0]) for match in _MEDIA.finditer(text)]
    if not found or not _ACTS.search(text):
        return "", ""
    rank, name = min(found, key=lambda pair: pair[0])
    return name.removesuffix("记者"), ranks[rank]
