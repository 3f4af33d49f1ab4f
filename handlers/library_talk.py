"""案例 停水, 以前有没有类似的, 口径 停水, 007 案例要点: the case library in chat."""

from cases.chat.library_words import LibraryDeed, LibraryWish
from cases.errors import RefusalError
from cases.permissions import Action
from handlers import lessons, library
from handlers.references import case_written, visible_open
from handlers.talk import Talk


def wished(talk: Talk, wish: LibraryWish) -> str:
    """Carry out what is wanted of the library, and answer.

    Raises:
        RefusalError: it may not be done, or not now.
    """
    match wish.deed:
        case LibraryDeed.LESSON:
            return lessons.begin(talk, wish.case)
        case LibraryDeed.SKIP | LibraryDeed.SKIP_ALL:
            everything = wish.deed is LibraryDeed.SKIP_ALL
            return lessons.skip(talk, wish.case, everything=everything)
        case LibraryDeed.WORDING:
            return _wording(talk, wish.about)
        case LibraryDeed.SEARCH:
            return _search(talk, wish)


def _search(talk: Talk, wish: LibraryWish) -> str:
    talk.permit(Action.LIBRARY)
    return library.answer(talk.work, talk.desk, talk.person, _question(talk, wish), talk.now)


def _question(talk: Talk, wish: LibraryWish) -> tuple[str, int]:
    if wish.about:
        return wish.about, 0
    if wish.case:
        case = case_written(talk, wish.case)
        return library.about(case), case.id
    mine = visible_open(talk)
    if not mine:
        raise RefusalError("请写明查什么, 例如: 案例 停水")
    latest = max(mine, key=lambda case: case.id)
    return library.about(latest), latest.id


def _wording(talk: Talk, asked: str) -> str:
    talk.permit(Action.LIBRARY)
    said = library.wordings(talk.work, talk.desk, asked, talk.now)
    if not said:
        return "案例库里没有找到用过的口径。可以换个说法再查, 例如: 口径 停水"
    return "\n".join(["以前用过的口径 (用前请核对是否仍然有效):", *(f"· {one}" for one in said)])
