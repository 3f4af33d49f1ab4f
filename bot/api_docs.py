"""`main.py api-docs`: the OpenAPI description of POST /api/reports, written to a file."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.api.reports import description


def add_commands(app: typer.Typer) -> None:
    """Add the command `api-docs`."""

    @app.command(name="api-docs")
    def api_docs(
        out: Annotated[Path, typer.Option("--out", help="写到哪里")] = Path(
            "docs/api-reports.json"
        ),
    ) -> None:
        """写出上报接口的 OpenAPI 说明."""
        text = json.dumps(description(), ensure_ascii=False, indent=1, sort_keys=True)
        out.write_text(text + "\n", encoding="utf-8")
