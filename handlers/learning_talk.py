"""What is said about drills, scores, the case library and reviews, known by its set phrases."""

from collections.abc import Callable

from cases.chat.drill_words import drill_wish
from cases.chat.library_words import library_wish
from cases.chat.review_words import review_wish
from cases.chat.score_words import score_wish
from handlers import drill_talk, lessons, library_talk, review_talk, score_talk, tracking
from handlers.talk import Talk


def asked(talk: Talk, words: str) -> Callable[[], str] | None:
    """Return what answers the words; None where they are about something else."""
    drill = drill_wish(words)
    if drill is not None:
        return lambda: drill_talk.wished(talk, drill)
    score = score_wish(words)
    if score is not None:
        return lambda: score_talk.wished(talk, score)
    sought = library_wish(words)
    if sought is not None:
        return lambda: library_talk.wished(talk, sought)
    looked_back = review_wish(words)
    if looked_back is not None:
        return lambda: review_talk.wished(talk, looked_back)
    looked = None if lessons.is_asked(talk) else tracking.answered(talk, words)
    if looked is not None:
        return looked
    if lessons.is_answer(talk, words):
        return lambda: lessons.answered(talk, words)
    return None
