"""What a reload says: every difference by name, no secret, and what needs a restart."""

from dataclasses import replace
from pathlib import Path

from config.changes import changes, taken_at_once
from config.secret import Secret
from config.settings import load_settings
from tests.bot.test_main import folder as folder  # noqa: PLC0414 -- a fixture


def test_every_difference_has_its_name_and_no_secret_is_shown(folder: Path) -> None:
    old = load_settings(folder / "duban.toml")
    new = replace(
        old,
        institution="云溪县",
        port=8001,
        robots={"市城管局": Secret("canary-key")},
        wecom=replace(old.wecom, secret=Secret("canary-new"), cards=False),
        time=replace(old.time, trial=replace(old.time.trial, enabled=True)),
        warnings=("canary",),
    )
    now, later = changes(old, new)
    assert now == [
        "institution: 云溪市 → 云溪县",
        "robots.市城管局: 密钥已换",
        "time.trial.enabled: False → True",
        "wecom.cards: True → False",
        "wecom.secret: 密钥已换",
    ]
    assert later == ["port: 8000 → 8001"]
    assert "canary" not in " ".join(now + later)
    assert changes(old, old) == ([], [])
    assert changes(old, taken_at_once(old, new))[1] == []
