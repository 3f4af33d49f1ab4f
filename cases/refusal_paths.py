"""Where a matter belongs that is not taken up (不予受理): 诉讼, 纪检, 涉密, 已有答复."""

import re

_PATHS = (
    (r"诉讼|法院|仲裁|行政复议|判决|审理", "请依法通过诉讼、仲裁或行政复议途径解决"),
    (r"纪检|监察|违纪|贪|腐", "请向纪检监察机关反映"),
    (r"涉密|国家秘密|保密", "请走保密渠道, 不要在网上反映"),
    (r"已(?:有|经)?(?:答复|回复|回应|办结)|同一事实|重复", "同一事项已有答复, 有新情况请补充"),
    (r"信访", "请依法逐级走信访途径"),
)
_SAID = re.compile(r"(?:请|建议|可)(?:依法|向|通过|到|走|找|联系)[^,。;]{2,40}")


def refusal_path(reason: str) -> str:
    """Return the way that `reason` names, or the one its ground has by the rules; "" if none.

    Grounds as in 潍坊 art. 19 and 北京 art. 11.
    """
    said = _SAID.search(reason)
    if said is not None:
        return said[0]
    return next((path for words, path in _PATHS if re.search(words, reason)), "")
