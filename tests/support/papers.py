"""An office whose papers are printed into a folder, by the part that prints them in service."""

from pathlib import Path

from bot.papers.maker import PaperMaker, Printing
from bot.papers.word import Templates
from cases.papers.model import Kind
from config.paper_settings import SHIPPED
from storage.papers import Kept, Version
from tests.support.office import Office, Told


def prints(office: Office, folder: Path, own: Path | None = None) -> list[Told]:
    """Print what is ordered; what then leaves."""
    printing = Printing(Templates(SHIPPED, own), folder, folder / "tray")
    maker = PaperMaker(
        office.database, desk=office.desk, printing=printing, clock=lambda: office.now
    )
    maker.print_waiting()
    return office.leaving()


def paper(office: Office, kind: Kind, subject: str = "", period: str = "") -> Kept:
    """The paper of this kind about the only case, or about a period."""
    with office.database.read() as work:
        about = subject or ("" if period and not kind.is_of_case else office.case().number)
        found = work.papers.find(kind, about, period)
    assert found is not None
    return found


def latest(office: Office, kept: Kept) -> Version:
    """The newest version of a paper."""
    with office.database.read() as work:
        return work.papers.versions(kept.id)[-1]


def file_of(office: Office, folder: Path, kept: Kept, form: str) -> bytes:
    """A file of the newest version."""
    files = {one.form: one.path for one in latest(office, kept).files}
    return (folder / files[form]).read_bytes()
