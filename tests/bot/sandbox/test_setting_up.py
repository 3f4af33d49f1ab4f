"""The configuration, the clock, the log and the command that starts it all."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.sandbox.clock import LARGEST_OFFSET, BadTimeError, SandboxClock
from bot.sandbox.corp import BadConfigError, load_corp, read_corp
from bot.sandbox.fields import cut, text, whole
from bot.sandbox.log import SandboxLog
from bot.sandbox.windows import Limit, Windows
from tests.bot.sandbox.playground import GROUP, Json, Playground, corp_config, free_port, playground


def test_everything_wrong_in_a_configuration_is_named_at_once() -> None:
    app = {"agentid": 0, "secret": "", "callback_url": "http://a", "aes_key": "x", "token": "-"}
    robots = [{"key": "k", "name": "", "members": ["nobody"]}, {"key": "k", "name": "群"}]
    members = [{"userid": "a"}, {"userid": "A"}, {"name": "无名"}]
    with pytest.raises(BadConfigError) as error:
        read_corp({"apps": [app, {**app, "visible": ["x"]}], "members": members, "robots": robots})
    words = str(error.value)
    wanted = ["corpid", "agentid 应为正整数", "缺少 secret", "43 位", "1 到 32 位", "agentid 重复"]
    wanted += ["没有 userid", "userid 重复: a", "不认识: nobody", "缺少 key 或 name", "key 重复"]
    wanted += ["visible 不认识: x", "同一个 secret"]
    assert [one for one in wanted if one not in words] == []


def test_a_corp_needs_an_app() -> None:
    with pytest.raises(BadConfigError, match="至少要有一个应用"):
        read_corp({"corpid": "ww"})


@pytest.mark.parametrize(
    ("limits", "word"), [({"nonsense": 1}, "没有这一项"), ({"robot_per_minute": "x"}, "应为数字")]
)
def test_limits_that_cannot_be_meant_are_named(limits: Json, word: str) -> None:
    with pytest.raises(BadConfigError, match=word):
        read_corp(corp_config(limits=limits))


def test_a_file_that_is_missing_or_no_json_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfigError, match="读不到"):
        load_corp(tmp_path / "none.json")
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(BadConfigError, match="不是有效的 JSON"):
        load_corp(broken)


def test_the_command_stops_with_every_fault_named(tmp_path: Path) -> None:
    config = tmp_path / "corp.json"
    config.write_text("{}", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bot.sandbox", "--config", str(config), "--port", "1"],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    words = done.stderr.decode("utf-8")
    assert (done.returncode, "Traceback" in words) == (2, False)
    assert "缺少 corpid" in words


def test_the_command_serves_and_ends_at_once_although_somebody_waits_for_news(
    tmp_path: Path,
) -> None:
    config, log = tmp_path / "corp.json", tmp_path / "log.jsonl"
    config.write_text(json.dumps(corp_config()), encoding="utf-8")
    port = str(free_port())
    command = [sys.executable, "-m", "bot.sandbox", "--config", str(config), "--port", port]
    root = Path(__file__).parents[3]
    with subprocess.Popen([*command, "--log", str(log)], cwd=root) as process:
        transport = httpx.HTTPTransport(retries=7)
        with httpx.Client(transport=transport, base_url=f"http://127.0.0.1:{port}") as client:
            body = {"userid": "lisi", "group": GROUP, "text": "在吗"}
            assert client.post("/sandbox/say", json=body).status_code == 200
            query = {"viewer": "lisi", "after": "1", "wait": "20"}
            with pytest.raises(httpx.TimeoutException):
                client.get("/sandbox/messages", params=query, timeout=0.1)
        process.terminate()
        process.wait(8)
    assert json.loads(log.read_text("utf-8"))["text"] == "在吗"


def test_two_clocks_share_their_offset_through_a_file(tmp_path: Path) -> None:
    file = tmp_path / "offset"
    first, second = SandboxClock(file), SandboxClock(file)
    assert first.offset() == 0
    first.set_offset(1800.25)
    assert second.offset() == 1800.25
    assert second.now() - second.real() == pytest.approx(1800.25, abs=0.1)
    file.write_text("nonsense", encoding="ascii")
    assert second.offset() == 1800.25
    file.write_text("inf", encoding="ascii")
    assert second.offset() == 1800.25
    assert [one.name for one in tmp_path.iterdir()] == ["offset"]


@pytest.mark.parametrize("offset", [LARGEST_OFFSET + 1, -LARGEST_OFFSET - 1, float("nan")])
def test_an_offset_that_cannot_be_meant_is_refused(offset: float) -> None:
    with pytest.raises(BadTimeError):
        SandboxClock().set_offset(offset)


def test_the_clock_is_moved_by_all_means(corp: Playground) -> None:
    assert corp.control("clock", offset=100)["offset"] == 100
    assert corp.control("clock", advance_seconds=20.5)["offset"] == 120.5
    ahead = corp.client.get("/sandbox/clock").json()["now"] + 5000
    corp.inbox.next_at = ahead
    assert corp.control("clock", to="next")["now"] == pytest.approx(ahead, abs=2)
    moment = corp.control("clock", to="2026-11-21T09:00:00+08:00")["iso"]
    assert moment.startswith("2026-11-21T01:00:0")
    assert [one["offset"] for one in corp.log(kind="clock")][:2] == [100, 120.5]


def test_times_that_cannot_be_meant_are_refused(corp: Playground) -> None:
    for wrong in (
        {"to": "tomorrow"},
        {"to": "2026-11-21T09:00:00"},
        {"offset": "1"},
        {"advance_seconds": True},
        {"offset": 1e12},
    ):
        assert corp.refused("clock", **wrong)[0] == 400
    assert corp.refused("clock", to="next") == (400, "现在没有等待中的时限")


def test_without_a_service_there_is_no_next_moment(tmp_path: Path) -> None:
    with playground(tmp_path, next_moment_url="") as corp:
        assert "next_moment_url" in corp.refused("clock", to="next")[1]
    with playground(tmp_path, next_moment_url="http://127.0.0.1:1/next") as corp:
        assert "没有回答" in corp.refused("clock", to="next")[1]


def test_the_log_counts_on_after_a_restart_and_after_half_a_line(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    first = SandboxLog(path)
    assert [first.write({"a": n}) for n in range(2)] == [1, 2]
    first.close()
    with path.open("a", encoding="utf-8") as file:
        file.write('{"seq": 3, "a"')
    second = SandboxLog(path)
    assert second.write({"a": "新"}) == 3
    second.close()
    assert [one["a"] for one in second.after(0)] == ["新"]
    lines = path.read_text("utf-8").splitlines()
    assert json.loads(lines[-1]) == {"seq": 3, "a": "新"}


def test_a_line_stands_in_the_file_before_the_answer_leaves(corp: Playground) -> None:
    for number in range(1, 4):
        corp.robot({"msgtype": "text", "text": {"content": str(number)}})
        assert len(corp.log("webhook/send")) == number


def test_news_of_the_log_can_be_waited_for(corp: Playground) -> None:
    corp.send()
    answer = corp.client.get("/sandbox/log", params={"after": 1}).json()
    assert [one["seq"] for one in answer["lines"]] == [2]
    nothing = corp.client.get("/sandbox/log", params={"after": 2, "wait": 0.05}).json()
    assert nothing == {"last": 2, "lines": []}


def test_a_window_forgets_what_is_older_and_survives_a_clock_set_back() -> None:
    windows, limits = Windows(), (Limit(2, 60.0),)
    assert [windows.take("a", limits, at) for at in (0, 59.9, 59.9, 60, 60)] == [
        True,
        True,
        False,
        True,
        False,
    ]
    assert windows.used("a", 60, 60) == 2
    assert windows.take("a", limits, 10) is True


def test_fields_take_what_clients_really_send() -> None:
    sent: list[object] = [1, "2", True, "x", None, "٣"]
    assert [whole({"a": one}, "a", -1) for one in sent] == [1, 2, 1, -1, -1, -1]
    held: list[object] = ["x", 1, True, None, []]
    assert [text({"a": one}, "a") for one in held] == ["x", "1", "", "", ""]
    assert [cut("好的", limit) for limit in (2, 3, 5, 6)] == ["", "好", "好", "好的"]
