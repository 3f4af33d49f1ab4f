"""Inside the rehearsal's root: the sandbox's corp, with what init has made once it has."""

import json
import pathlib
import sys

D = pathlib.Path(sys.argv[1])
app = {"agentid": 1000002, "name": "督办", "secret": "S" * 43}
if (D / "secrets" / "callback_token").exists():
    app |= {"token": (D / "secrets" / "callback_token").read_text().strip()}
    app |= {"aes_key": (D / "secrets" / "callback_aes_key").read_text().strip()}
    app |= {"callback_url": "http://127.0.0.1:8000/wecom/callback"}
people = {
    "sunlei": "孙磊",
    "zhaomin": "赵敏",
    "admin": "钱进",
    "wangxiaoyu": "王小雨",
    "liuyang": "刘洋",
}
group = {
    "key": "0a1b2c3d-robot-of-chengguan-0000001",
    "name": "市城管局工作群",
    "members": ["liuyang"],
}
second = {
    "key": "0a1b2c3d-robot-of-chengguan-0000002",
    "name": "市城管局工作群二",
    "members": ["liuyang"],
}
corp = {
    "corpid": "wwyunxidemo000001",
    "name": "云溪市",
    "apps": [app],
    "robots": [group, second],
    "members": [{"userid": u, "name": n} for u, n in people.items()],
    "limits": {"callback_pause": 0.2},
}
pathlib.Path("/root/sandbox.json").write_text(json.dumps(corp, ensure_ascii=False))
