"""Says whether the process lives, its engine turns, and it can take callbacks (R24)."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from bot.pulse import Pulse
from bot.wecom.lifeboat import Lifeboat
from storage.database import Database
from storage.errors import Unavailable

ENGINE_SECONDS = 30.0
_NEARLY = 0.8  # of the lifeboat's size


def build_health(
    database: Database, *, pulse: Pulse, lifeboat: Lifeboat, within: float = ENGINE_SECONDS
) -> APIRouter:
    """Return the three pages; `within` is how many seconds a whole beat may be ago."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    def process() -> PlainTextResponse:
        return PlainTextResponse("进程在运行\n")

    @router.get("/healthz/engine")
    def engine() -> PlainTextResponse:
        return _engine(pulse.seconds_since_beat, within)

    @router.get("/readyz")
    def ready() -> PlainTextResponse:
        return _ready(database, lifeboat)

    return router


def _engine(since: Callable[[], float | None], within: float) -> PlainTextResponse:
    seconds = since()
    if seconds is None:
        return PlainTextResponse("计时还没有开始\n", status_code=503)
    if seconds > within:
        text = f"计时已停 {seconds:.0f} 秒，提醒和升级不会发出，请管理员查看日志\n"
        return PlainTextResponse(text, status_code=503)
    return PlainTextResponse(f"计时正常，{seconds:.0f} 秒前完成一轮\n")


def _ready(database: Database, lifeboat: Lifeboat) -> PlainTextResponse:
    state = lifeboat.state()
    is_free = state.size < state.max_size * _NEARLY
    try:
        with database.read() as work:
            waiting = work.inbox.waiting_count()
    except Unavailable:
        if is_free:
            text = f"数据库没有应答，消息先存入救生艇（已有 {state.records} 条）\n"
            return PlainTextResponse(text)
        return PlainTextResponse("数据库没有应答，救生艇将满，请立即处理\n", status_code=503)
    return PlainTextResponse(f"可以接收消息，待处理 {waiting} 条，救生艇 {state.records} 条\n")
