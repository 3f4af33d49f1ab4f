"""The shared clock in the control API: read it, move it, jump to the service's next deadline."""

from datetime import UTC, datetime

import httpx
from fastapi import APIRouter, HTTPException

from bot.sandbox.asking import Answer, Body, TheCourier, TheWorld, same_site
from bot.sandbox.callbacks import Courier
from bot.sandbox.clock import BadTimeError
from bot.sandbox.fields import Json, mapping, text
from bot.sandbox.world import World

_NEXT_SECONDS = 3.0
router = APIRouter(prefix="/sandbox", dependencies=[same_site])


def clock_of(world: World) -> Answer:
    """Return the shared clock as the control API shows it."""
    now = world.clock.now()
    iso = datetime.fromtimestamp(now, UTC).isoformat()
    return {"offset": world.clock.offset(), "now": now, "iso": iso}


@router.get("/clock")
async def read_clock(world: TheWorld) -> Answer:
    """Return the shared clock."""
    return clock_of(world)


@router.post("/clock")
async def set_clock(world: TheWorld, courier: TheCourier, body: Body) -> Answer:
    """Move the clock: {offset}, {advance_seconds}, {to: ISO time} or {to: "next"}."""
    clock = world.clock
    try:
        if "to" in body:
            written = text(body, "to")
            at = await _next_moment(world, courier) if written == "next" else _moment(written)
            clock.set_offset(clock.offset() + at - clock.now())
        elif "advance_seconds" in body:
            clock.set_offset(clock.offset() + _seconds(body, "advance_seconds"))
        else:
            clock.set_offset(_seconds(body, "offset"))
    except BadTimeError as error:
        raise HTTPException(400, str(error)) from error
    now = round(clock.now(), 3)
    world.log.write({"kind": "clock", "t": now, "offset": round(clock.offset(), 3)})
    world.bell.ring()
    return clock_of(world)


def _seconds(body: Json, name: str) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadTimeError(f"{name} 应为秒数")
    return float(value)


def _moment(written: str) -> float:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise BadTimeError(f"看不懂的时刻: {written}") from error
    if moment.tzinfo is None:
        raise BadTimeError("时刻要写明时区, 例如 2026-11-20T09:00:00+08:00")
    return moment.timestamp()


async def _next_moment(world: World, courier: Courier) -> float:
    """Return the service's next deadline or reminder.

    Raises:
        BadTimeError: the service cannot be asked, or has none ahead.
    """
    url = world.corp.next_moment_url
    if not url:
        raise BadTimeError("没有设置 next_moment_url, 不知道下一个时限")
    try:
        raw = await courier.ask(url, _NEXT_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise BadTimeError(f"问不到下一个时限: 服务没有回答 ({type(error).__name__})") from error
    written = text(mapping(raw), "at")
    if not written:
        raise BadTimeError("现在没有等待中的时限")
    return max(_moment(written), world.clock.now())
