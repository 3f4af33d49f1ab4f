"""Words of Chinese text for search; the one place that knows the segmenter."""

import re
import unicodedata

import rjieba

_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_WORD = re.compile("[0-9a-z\u3400-\u4dbf\u4e00-\u9fff]+")
_LONGEST = 4000  # characters of one text
_PAIR = 2
# Words every report has: they tell no matter from another.
_STOP = frozenset(
    [
        "舆情",
        "网民",
        "网友",
        "网传",
        "反映",
        "视频",
        "居民",
        "业主",
        "市民",
        "家长",
        "投诉",
        "抖音",
        "微博",
        "快手",
        "小红书",
        "公众号",
        "平台",
        "标题",
        "曝光",
        "发现",
        "情况",
        "问题",
        "有关",
        "相关",
        "单位",
        "部门",
        "我市",
        "我县",
        "我们",
        "他们",
        "已经",
        "进行",
        "处理",
        "处置",
        "核实",
        "关于",
        "没有",
        "无人",
        "怎么",
        "什么",
        "为什么",
        "有没有",
        "以前",
        "类似",
        "案例",
        "一个",
        "这个",
        "那个",
        "多日",
        "多次",
        "发布",
        "时间",
        "链接",
        "摘要",
        "诉求",
        "涉及",
        "您好",
        "感谢",
        "电话",
        "联系",
        "下一步",
        "依据",
        "根据",
        "按照",
        "经查",
        "经核实",
        "属实",
        "今天",
        "昨天",
        "现在",
        "工作",
        "人员",
        "要求",
        "说明",
        "回应",
        "答复",
    ]
)


def plain(text: str) -> str:
    """Return the text as it is compared: one width, small letters, within its length."""
    return unicodedata.normalize("NFKC", text).lower()[:_LONGEST]


def words(text: str) -> list[str]:
    """Return the words that say what a text is about, in order, repeats included."""
    found = rjieba.cut_for_search(plain(text))
    return [w for w in found if len(w) >= _PAIR and w not in _STOP and _WORD.fullmatch(w)]


def characters(text: str) -> list[str]:
    """Return every Chinese character, in order, repeats included."""
    return [one for run in _RUN.findall(plain(text)) for one in run]


def pairs(text: str) -> list[str]:
    """Return every pair of neighbouring characters: what the segmenter cuts apart still meets."""
    return [
        run[n : n + _PAIR] for run in _RUN.findall(plain(text)) for n in range(len(run) - _PAIR + 1)
    ]
