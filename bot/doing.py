"""What the handlers do for each part of the service: what is heard, rings, fails or comes back."""

from bot.sending import Aftermath
from bot.service import Doing
from handlers import aftermath
from handlers.apology import apologise, undeliverable
from handlers.desk import Desk
from handlers.hear import Hearing
from handlers.outage import tell_outage
from handlers.people_sync import take_over
from handlers.ringing import ring


def doing_of(desk: Desk) -> Doing:
    """Return the handlers of one institution, as the service calls them."""
    return Doing(
        hear=Hearing(desk),
        ring=lambda work, timer, now: ring(work, timer, now, desk),
        apologise=lambda work, item, now: apologise(work, item, now, desk),
        undeliverable=lambda work, claim, why, now: undeliverable(work, claim, why, now, desk),
        caught_up=lambda work, since, now: tell_outage(work, desk, since, now),
        aftermath=Aftermath(
            lambda work, claim, code, now: aftermath.sent(work, claim, code, now, desk),
            lambda work, claim, errcode, why, now: aftermath.refused(
                work, claim, errcode, why, now=now, desk=desk
            ),
        ),
        take_over=lambda work, contacts, now: take_over(work, desk, contacts, now),
    )
