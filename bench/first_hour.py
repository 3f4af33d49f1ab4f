"""The first hour, from nothing to the first answered case, against the sandbox, as a transcript.

`init` is stopped after a few answers and resumed, people come from a table, the values are pasted
into the (sandbox's) console, the callback is verified, and one case is forwarded, assigned and
answered. Run with `make first-hour`; it fails where a step does not end as it should.
"""

import argparse
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.commit import commit
from bot.demo.processes import Process, ask
from bot.serving import free_port

HOME = Path(__file__).parents[1]
REPORT = HOME / "docs" / "evidence" / "first-hour.md"
CORP, AGENT, SECRET = "wwyunxidemo000001", 1000002, "S" * 43
ROBOT = "0a1b2c3d-robot-of-chengguan-0000001"
FIRST = ["云溪市", "city3", "", CORP]
TABLE = """账号,姓名,角色,单位,副职,电话
sunlei,孙磊,舆情办主任,,,
zhaomin,赵敏,值班员,,,0571-8000
admin,钱进,管理员,,,
wangxiaoyu,王小雨,信息员,,,
zhouguohua,周国华,分管领导,,,
wangjianping,王建平,主要领导,,,
liuyang,刘洋,责任单位联络员,市城管局,否,0571-8123
tangbo,唐波,单位分管领导,市城管局,,
"""
LINK = "https://www.toutiao.com/article/7249559687354974759/"
_HIDDEN = re.compile(r"((?:Token|EncodingAESKey) +)[0-9A-Za-z]{20,}")


class StepError(Exception):
    """A step did not end as it should."""


@dataclass
class Told:
    """The transcript as it grows."""

    lines: list[str] = field(default_factory=list)
    is_shown: bool = True

    def say(self, *lines: str) -> None:
        for line in lines:
            shown = _HIDDEN.sub(r"\1(由 init 生成, 此处略去)", line.rstrip())
            self.lines.append(shown)
            if self.is_shown:
                sys.stdout.write(shown + "\n")


def operate(told: Told, *arguments: str, types: list[str] | None = None) -> int:
    """Run a command of main.py as an administrator does, with what it says in the transcript."""
    told.say(f"$ duban {' '.join(arguments)}")
    ended = subprocess.run(
        [sys.executable, str(HOME / "main.py"), *arguments],
        input="\n".join(types) + "\n" if types else None,
        stdin=None if types else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd=HOME,
    )
    told.say(*ended.stdout.splitlines(), f"[退出码 {ended.returncode}]", "")
    return ended.returncode


def corp(port: int, folder: Path, secret: str = SECRET) -> dict[str, object]:
    """The sandbox's corp; with the values of the console once `init` has made them."""
    app: dict[str, object] = {"agentid": AGENT, "name": "督办", "secret": secret}
    token, key = folder / "secrets" / "callback_token", folder / "secrets" / "callback_aes_key"
    if token.exists():
        app |= {"token": token.read_text().strip(), "aes_key": key.read_text().strip()}
        app |= {"callback_url": f"http://127.0.0.1:{port}/wecom/callback"}
    rows = [line.split(",") for line in TABLE.splitlines()[1:]]
    members = [{"userid": row[0], "name": row[1]} for row in rows]
    group = {"key": ROBOT, "name": "市城管局工作群", "members": ["liuyang", "tangbo"]}
    return {
        "corpid": CORP,
        "name": "云溪市",
        "apps": [app],
        "members": members,
        "robots": [group],
        "limits": {"callback_pause": 0.2},
    }


@contextmanager
def running(name: str, folder: Path, port: int, path: str, *command: str) -> Iterator[None]:
    log = folder / f"{name}.out"
    words = [sys.executable, *command]
    process = Process(name, words, log=log, environment={"PYTHONPATH": str(HOME)})
    try:
        process.wait_for(port, path)
        yield
    finally:
        process.stop()


def sandbox(
    folder: Path, service: int, port: int, secret: str = SECRET
) -> AbstractContextManager[None]:
    """The platform, with what its console holds at this moment."""
    file = folder / "sandbox.json"
    file.write_text(json.dumps(corp(service, folder, secret), ensure_ascii=False), "utf-8")
    command = ("-m", "bot.sandbox", "--config", str(file), "--port", str(port))
    return running("sandbox", folder, port, "/", *command, "--log", str(folder / "log.jsonl"))


def messages(port: int, who: str) -> list[str]:
    found = ask(port, "GET", f"/sandbox/messages?viewer={who}")["messages"]
    assert isinstance(found, list)
    return [json.dumps(one, ensure_ascii=False) for one in found]


def says(
    told: Told, port: int, who: str, path: str, wanted: tuple[str, str], **body: object
) -> None:
    """Somebody says something; wait until `wanted` (who, words) has been answered."""
    shown = body.get("text") or f"转发: {body.get('title')}"
    told.say(f"{who}: {shown}")
    ask(port, "POST", f"/sandbox/{path}", {"userid": who, "agentid": AGENT, **body})
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        for text in messages(port, wanted[0]):
            if wanted[1] in text:
                said = re.search(r'"(?:content|text|title)": "([^"]*' + wanted[1] + '[^"]*)"', text)
                told.say(f"  督办 → {wanted[0]}: {said.group(1) if said else wanted[1]}")
                return
        threading.Event().wait(0.1)
    raise StepError(f"{wanted[0]} 没有收到「{wanted[1]}」: {messages(port, wanted[0])[-2:]}")


def write_answers(folder: Path, service: int, platform: int) -> None:
    """Write the table of people, and the answers to what is not typed."""
    (folder / "people.csv").write_text(TABLE, "utf-8")
    (folder / "rest.toml").write_text(
        f"""agent_id = {AGENT}
wecom_secret = "{SECRET}"
base_url = "http://127.0.0.1:{service}"
port = {service}
administrators = "admin 钱进"
director = "sunlei 孙磊"
duty = "zhaomin 赵敏"
people = "people.csv"
robots = "市城管局=https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={ROBOT}"
trial = "否"
broadcasts = "否"
api_base = "http://127.0.0.1:{platform}"
""",
        "utf-8",
    )


def play(told: Told, folder: Path) -> None:
    service, platform = free_port(), free_port()
    config = folder / "duban.toml"
    write_answers(folder, service, platform)
    where = ("--config", str(config))
    told.say("## 一, 开始, 答了四题被叫走", "", "```")
    if operate(told, "init", *where, types=FIRST) != 1:
        raise StepError("init did not stop where its input ended")
    told.say("```", "", "## 二, 接着来: 其余答案写在文件里; 企业微信里还没有设回调", "", "```")
    with sandbox(folder, service, platform):
        if operate(told, "init", *where, "--answers", str(folder / "rest.toml"), "--wait", "0"):
            raise StepError("init did not end well")
    told.say("```", "", "## 三, 把值粘贴进管理后台, 启动服务, 等验证", "", "```")
    serving = (str(HOME / "main.py"), "serve", *where)
    with (
        sandbox(folder, service, platform),
        running("serve", folder, service, "/readyz", *serving),
    ):
        with pressing(platform):
            answers = ("--answers", str(folder / "rest.toml"))
            if operate(told, "init", *where, *answers, "--wait", "120"):
                raise StepError("the callback was not verified")
        told.say("```", "", "## 四, 第一件", "", "```")
        first_case(told, platform)
    told.say("```", "")


@contextmanager
def pressing(platform: int) -> Iterator[None]:
    """Somebody presses 保存 in the console every few seconds, as people do who are waiting."""
    ends = threading.Event()

    def press() -> None:
        while not ends.wait(3):
            ask(platform, "POST", "/sandbox/verify", {"agentid": AGENT})

    thread = threading.Thread(target=press)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()


def first_case(told: Told, port: int) -> None:
    title = "青禾路积水多日无人管 省电视台记者到场采访"
    answered = ("wangxiaoyu", "001")
    says(told, port, "wangxiaoyu", "forward", answered, title=title, url=LINK, description="")
    says(told, port, "sunlei", "say", ("liuyang", "交办"), text="001 定二级,交城管局")
    says(told, port, "liuyang", "say", ("liuyang", "已签收 001"), text="收到 001")
    first = "001 首报: 已到现场, 正在抽排积水"
    says(told, port, "liuyang", "say", ("sunlei", "首报"), text=first)


def main() -> int:
    """Play it; 1 where a step failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", type=Path, default=None, help=f"where to, e.g. {REPORT}")
    arguments = parser.parse_args()
    told, began, fault = Told(), time.monotonic(), ""
    with TemporaryDirectory(prefix="duban-first-hour-") as place:
        folder = Path(place)
        folder.chmod(0o700)
        try:
            play(told, folder)
        except StepError as error:
            fault = str(error)
            told.say("```", f"**没有走通**: {fault}")
        shown = (
            "\n".join(told.lines).replace(place, "/var/lib/duban").replace(str(HOME), "/opt/duban")
        )
    seconds = time.monotonic() - began
    sys.stdout.write(f"{seconds:.0f} s {fault or 'from nothing to the first answered case'}\n")
    if arguments.report is not None:
        head = (
            "# The first hour, as a transcript",
            "",
            "Made by `make first-hour`: `init` against the sandbox on loopback, from nothing",
            "to the first answered case. A person needs longer: typing, finding values in the",
            "console, a table of people.",
            "",
            f"Commit {commit()}, {datetime.now(UTC):%Y-%m-%d}; the machine took {seconds:.0f} s.",
            "**A step failed.**" if fault else "Every step ended as it should.",
            "",
        )
        arguments.report.write_text("\n".join(head) + "\n" + shown + "\n", "utf-8")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main())
