"""Clients nobody here wrote, against the sandbox: they must not be able to tell.

`DUBAN_REQUIRE_CLIENTS=1` (set in CI) turns a missing one from a skip into a failure. Alertmanager
is Debian's package `prometheus-alertmanager`; DUBAN_ALERTMANAGER may name the binary.
"""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import NoReturn

import httpx
import pytest
from wechatpy.enterprise import WeChatClient
from wechatpy.exceptions import WeChatClientException

from tests.bot.sandbox.playground import CORPID, PNG, ROBOT, SECRET, Json, Playground, free_port
from tests.bot.sandbox.test_app_messages import CARD

AGENT = 1000002
ARTICLE = {"title": "题", "description": "述", "url": "http://a.cn", "image": ""}


def _missing(name: str) -> NoReturn:
    if os.environ.get("DUBAN_REQUIRE_CLIENTS"):
        pytest.fail(f"{name} is required here and not installed")
    pytest.skip(f"{name} is not installed")


@pytest.fixture
def wechatpy(corp: Playground) -> WeChatClient:
    class Client(WeChatClient):  # type: ignore[misc]
        API_BASE_URL = f"{corp.url}/cgi-bin/"

        def fetch_access_token(self) -> object:
            """As the library's, whose own address for this cannot be changed."""
            query = {"corpid": self.corp_id, "corpsecret": self.secret}
            return self._fetch_access_token(url=f"{self.API_BASE_URL}gettoken", params=query)

    return Client(CORPID, SECRET, auto_retry=False)


def test_wechatpy_sends_every_type_it_knows(corp: Playground, wechatpy: WeChatClient) -> None:
    wechatpy.message.send_text(AGENT, "lisi", "你好")
    wechatpy.message.send_articles(AGENT, "lisi", [ARTICLE])
    picture = wechatpy.media.upload("image", ("a.png", BytesIO(PNG), "image/png"))
    wechatpy.message.send_image(AGENT, "lisi", picture["media_id"])
    body = {"msgtype": "template_card", "template_card": CARD}
    answer = wechatpy.message.send(AGENT, "lisi", msg=body)
    assert [one["msgtype"] for one in corp.seen_by("lisi")] == [
        "text",
        "news",
        "image",
        "template_card",
    ]
    change = {"agentid": AGENT, "userids": ["lisi"], "button": {"replace_name": "已签收"}}
    change["response_code"] = answer["response_code"]
    wechatpy.post("message/update_template_card", data=change)
    assert corp.seen_by("lisi")[-1]["part"]["replace_text"] == "已签收"


def test_wechatpy_reads_people_and_understands_a_refusal(
    corp: Playground, wechatpy: WeChatClient
) -> None:
    assert wechatpy.user.get("lisi")["name"] == "李四"
    assert [one["userid"] for one in wechatpy.user.list(3, simple=True)] == ["lisi", "wangwu"]
    assert wechatpy.department.get()[0]["id"] == 1
    assert wechatpy.misc.get_wechat_ips() == ["127.0.0.1", "::1"]
    with pytest.raises(WeChatClientException) as refusal:
        wechatpy.message.send_text(AGENT, "nobody", "你好")
    assert refusal.value.errcode == 81013
    corp.control("token/revoke")
    with pytest.raises(WeChatClientException) as refusal:
        wechatpy.message.send_text(AGENT, "lisi", "你好")
    assert refusal.value.errcode == 40014


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_apprise_tells_an_app_and_a_robot(
    corp: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        from apprise import Apprise  # noqa: PLC0415
        from apprise.plugins.wechat import NotifyWeChat  # noqa: PLC0415
        from apprise.plugins.wecombot import NotifyWeComBot  # noqa: PLC0415
    except ImportError:
        _missing("apprise")
    monkeypatch.setattr(NotifyWeChat, "token_url", f"{corp.url}/cgi-bin/gettoken")
    monkeypatch.setattr(NotifyWeChat, "notify_url", f"{corp.url}/cgi-bin/message/send")
    robot = f"{corp.url}/cgi-bin/webhook/send?key="
    monkeypatch.setattr(NotifyWeComBot, "notify_url", robot + "{key}")
    for plugin in (NotifyWeChat, NotifyWeComBot):
        monkeypatch.setattr(plugin, "request_rate_per_sec", 0)
    told = Apprise([f"wechat://{CORPID}:{SECRET}@{AGENT}/@lisi", f"wecombot://{ROBOT}"])
    assert told.notify(title="磁盘将满", body="还剩 5%")
    seen = {one["place"].partition(":")[0]: one["text"] for one in corp.seen_by("lisi")}
    assert set(seen) == {"app", "group"}
    assert all("还剩 5%" in words for words in seen.values())


def _alertmanager() -> str:
    found = os.environ.get("DUBAN_ALERTMANAGER") or shutil.which("prometheus-alertmanager")
    if not found or not Path(found).exists():
        _missing("prometheus-alertmanager")
    return str(found)


@contextmanager
def _running_alertmanager(corp: Playground, folder: Path) -> Iterator[str]:
    binary = _alertmanager()
    receiver = {
        "api_url": f"{corp.url}/cgi-bin/",
        "corp_id": CORPID,
        "api_secret": SECRET,
        "agent_id": str(AGENT),
        "to_user": "lisi",
        "message_type": "markdown",
        "message": "{{ range .Alerts }}{{ .Labels.alertname }} > 5{{ end }}",
    }
    config = folder / "alertmanager.yml"  # JSON is YAML
    config.write_text(
        json.dumps(
            {
                "route": {"receiver": "wecom", "group_wait": "0s"},
                "receivers": [{"name": "wecom", "wechat_configs": [receiver]}],
            }
        ),
        encoding="utf-8",
    )
    url = f"127.0.0.1:{free_port()}"
    options = [
        f"--config.file={config}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address={url}",
        "--cluster.listen-address=",
    ]
    with (folder / "alertmanager.log").open("wb") as log:
        process = subprocess.Popen([binary, *options], stdout=log, stderr=log)
        try:
            yield f"http://{url}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)


def _post_alert(url: str) -> None:
    """Tell Alertmanager of an alert, as soon as it listens."""
    alert: list[Json] = [{"labels": {"alertname": "磁盘将满"}}]
    transport = httpx.HTTPTransport(retries=8)
    with httpx.Client(transport=transport) as client:
        assert client.post(f"{url}/api/v2/alerts", json=alert).status_code == 200


def test_alertmanager_tells_an_app_of_an_alert(corp: Playground, tmp_path: Path) -> None:
    with _running_alertmanager(corp, tmp_path) as url:
        _post_alert(url)
        seen: list[Json] = []
        while not seen:
            query: dict[str, str | int] = {"viewer": "lisi", "wait": 20}
            seen = corp.client.get("/sandbox/messages", params=query, timeout=30).json()["messages"]
    assert (seen[0]["msgtype"], seen[0]["text"]) == ("markdown", "磁盘将满 > 5")
    (line,) = corp.log("message/send")
    assert (line["agentid"], line["errcode"]) == (AGENT, 0)
