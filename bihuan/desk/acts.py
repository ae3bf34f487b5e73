"""What may be done to a problem now, gathered from the rooms that own the verbs, and why the rest may not."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.authenticity import offers as authenticity
from bihuan.deadlines import offers as deadlines
from bihuan.journal.action import Actor
from bihuan.ledger import offers as ledger
from bihuan.ledger.models import Problem
from bihuan.ledger.offers import Offer
from bihuan.lookback import offers as lookback
from bihuan.rectification import leading_offers as leading
from bihuan.rectification import offers as rectification
from bihuan.reviews import offers as reviews
from bihuan.web import sections

ROOMS = (
    rectification.offers_for,
    authenticity.offers_for,
    lookback.offers_for,
    reviews.offers_for,
    deadlines.offers_for,
    ledger.offers_for,
    leading.leading_offers,
)


def acts_for(actor: Actor, problem: Problem) -> sections.Acts:
    """The panel of actions; at most one of them is the primary one."""
    offers: list[Offer] = []
    for offers_for in ROOMS:
        offers.extend(offers_for(actor, problem))
    return sections.Acts(
        allowed=list(_allowed(offer for offer in offers if not offer.why_not)),
        denied=[sections.Denied(label=offer.label, why=offer.why_not) for offer in offers if offer.why_not],
    )


def _allowed(offers: Iterable[Offer]) -> Iterable[sections.Act]:
    given = False
    for offer in sorted(offers, key=lambda one: not one.primary):
        primary = offer.primary and not given
        given = given or primary
        yield sections.Act(label=offer.label, url=offer.url, consequence=offer.consequence, primary=primary)
