"""Waiting for the platform: what is missing is said, and it has an end either way."""

from datetime import UTC, datetime, timedelta

from bot.installing.waiting import Waiting, is_up, wait
from bot.serving import free_port
from tests.support.edge import served

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def waiting(*answers: datetime | None, port: int = 1) -> Waiting:
    given = iter(answers)
    return Waiting(port, NOW, lambda: next(given, None), look_seconds=0.001)


def test_only_a_verification_after_the_question_counts() -> None:
    said: list[str] = []
    assert wait(waiting(None, NOW - SECOND, NOW), 5, said.append)
    assert "还没有运行" in said[0]
    assert said[-1] == "✓ 回调已验证 (09:00:00): 企业微信能找到督办了。"


def test_without_one_it_ends_and_says_how_to_go_on() -> None:
    said: list[str] = []
    assert not wait(waiting(NOW - SECOND), 0.01, said.append)
    assert "随时再运行 init" in said[-1]


def test_a_service_is_up_when_it_takes_callbacks() -> None:
    async def app(_scope: object, _receive: object, send: object) -> None:
        assert callable(send)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})

    with served(app) as port:
        assert is_up(port)
    assert not is_up(free_port())
