"""Several replicas of the service on one PostgreSQL database, behind a balancer; real time."""

import random
import shutil
import time
from pathlib import Path

from bench.faults.balancer import Balancer
from bench.faults.ground import Ground, StuckError
from bench.faults.nursery import Child, Nursery
from bench.faults.town import Town
from bot.demo.processes import NotRunningError, ask, is_answering, pause
from bot.serving import free_port

_SHARED = ("secrets", "clock-offset", "broadcasts.toml")


class Replica:
    """One service of a fleet: its folder and port, and the process if it runs."""

    def __init__(self, ground: Ground, nursery: Nursery, number: int) -> None:
        self.folder = ground.folder / f"replica-{number}"
        self.port = free_port()
        self.starts = 0
        self._nursery = nursery
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        for name in _SHARED:
            (self.folder / name).symlink_to(ground.folder / name)
        shutil.copytree(ground.folder / "var.kept", self.folder / "var")
        config = ground.stage.config.read_text(encoding="utf-8")
        ours = config.replace(f"port = {ground.stage.service_port}\n", f"port = {self.port}\n")
        (self.folder / "duban.toml").write_text(ours, encoding="utf-8")
        self.child = self.start()

    def start(self, trap: str = "") -> Child:
        self.starts += 1
        self.child = self._nursery.serve(self.folder, trap=trap)
        return self.child

    def wait_until_ready(self, seconds: float = 60) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self.child.has_ended:
            if is_answering(self.port, "/readyz"):
                return
            pause(0.05)
        raise StuckError((self.folder / "serve.out").read_text(encoding="utf-8")[-1500:])


class Fleet(Town):
    """A town whose service is many; nothing is compressed, leases take their half minute."""

    advances = False
    patience = 600.0  # what is for one person leaves at 25 a minute

    def __init__(self, nursery: Nursery, ground: Ground, *, size: int = 2) -> None:
        self.size = size
        self.replicas: list[Replica] = []
        super().__init__(nursery, ground)

    def start(self, trap: str = "") -> Child:
        del trap  # laid in one replica, not in all
        ground = self.ground
        self.balancer = Balancer(
            ground.stage.service_port,
            lambda: [one.port for one in self.replicas if not one.child.has_ended],
        )
        for number in range(self.size):
            self.replicas.append(Replica(ground, self._nursery, number))
        for one in self.replicas:
            one.wait_until_ready()
        return self.replicas[0].child

    def revive(self) -> None:
        for one in self.replicas:
            if one.child.has_ended:
                self.crashes += 1
                one.start()
                one.wait_until_ready()

    def has_died(self) -> bool:
        return any(one.child.has_ended for one in self.replicas)

    def state(self) -> dict[str, object]:
        for one in self.replicas:
            if not one.child.has_ended:
                try:
                    return ask(one.port, "GET", "/rehearsal/idle")
                except NotRunningError:
                    continue
        return {}

    def folders(self) -> list[Path]:
        return [one.folder for one in self.replicas]

    def children(self) -> list[Child]:
        return [one.child for one in self.replicas]

    def stop_services(self) -> bool:
        ended = super().stop_services()
        self.balancer.close()
        return ended

    def abandon(self) -> None:
        super().abandon()
        self.balancer.close()


SPEAKERS = (
    *("wangxiaoyu", "lihang", "zhaomin", "sunlei", "zhouguohua", "wangjianping", "admin"),
    *("liuyang", "heqing", "tangbo", "chenjing", "wupeng", "zhenghai", "yanghui"),
)
_THINGS = ("积水", "井盖破损", "垃圾成堆", "路灯不亮", "摊贩占道")


class Load:
    """People who go on speaking: questions, and now and then a new report. Each is answered."""

    def __init__(self, town: Town, seed: int) -> None:
        self._town = town
        self._dice = random.Random(seed)  # noqa: S311 - a seed has to draw the same words
        self.said = 0

    def one(self) -> None:
        """Say one thing; nobody says more than the platform would deliver answers to."""
        who = SPEAKERS[self.said % len(SPEAKERS)]
        self.said += 1
        if self._dice.random() < 0.1:
            thing = self._dice.choice(_THINGS)
            link = f"https://weibo.com/{1_000_000 + self.said}/P0w7e{self.said:04d}"
            self._town.say(who, f"微博 {self.said}号院门口{thing} {link}")
        else:
            self._town.say(who, "查 001")

    def run(self, seconds: float, rate: float) -> None:
        """Speak for so long, so often a second."""
        ends = time.monotonic() + seconds
        while (now := time.monotonic()) < ends:
            self.one()
            pause(max(0.0, 1 / rate - (time.monotonic() - now)))
