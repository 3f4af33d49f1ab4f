"""Put the program together and run it: every command starts here."""

import typer

app = typer.Typer(
    help="督办: 登记、定级、交办、催办、回应、办结。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


if __name__ == "__main__":
    app()
