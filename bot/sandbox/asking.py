"""What requests of the control API have in common: who may ask, the world, and a JSON body."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from bot.sandbox.callbacks import Courier
from bot.sandbox.fields import Json
from bot.sandbox.world import World


def _same_site(request: Request) -> None:
    """Refuse what another web page makes a browser send here."""
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        raise HTTPException(403, "只接受本页面的请求")


def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


def _courier(request: Request) -> Courier:
    courier: Courier = request.app.state.courier
    return courier


async def _object(request: Request) -> Json:
    try:
        raw = await request.json()
    except ValueError as error:
        raise HTTPException(400, "请求应为 JSON 对象") from error
    if not isinstance(raw, dict):
        raise HTTPException(400, "请求应为 JSON 对象")
    return raw


same_site = Depends(_same_site)
TheWorld = Annotated[World, Depends(_world)]
TheCourier = Annotated[Courier, Depends(_courier)]
Body = Annotated[Json, Depends(_object)]
Answer = dict[str, object]
