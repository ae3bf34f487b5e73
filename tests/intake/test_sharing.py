"""Two people share a batch: the second is told what the first one said, nothing is written over, no typed word is lost."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from bihuan.intake import actions
from bihuan.intake.models import Candidate, IntakeDocument, Passage
from bihuan.intake.sharing import Moved, shown_of
from tests.intake.test_views import edit_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.organizations.cast import Cast, Player

    ClientAs = Callable[[Player], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def first(letter: IntakeDocument) -> Candidate:
    found: Candidate = Candidate.objects.get(document=letter, k=1)
    return found


def edit(letter: IntakeDocument, cast: Cast, **more: Any) -> None:
    actions.edit_candidate(letter, candidate=1, actor=cast.reviewer.actor, **more)


def test_who_was_quicker_is_named(letter: IntakeDocument, cast: Cast) -> None:
    actions.dispose(letter, passages=[5], disposition="context", actor=cast.reviewer.actor)
    with pytest.raises(Moved, match="周正改为“背景”"):
        actions.dispose(
            letter, passages=[5], disposition="praise", shown={"5": ""}, actor=cast.coordinator.actor
        )


def test_an_edit_over_another_is_refused_with_what_changed(letter: IntakeDocument, cast: Cast) -> None:
    shown = shown_of(first(letter))
    edit(letter, cast, facts={"lead_unit": str(cast.ecology.pk)})
    with pytest.raises(Moved, match="周正改过：牵头单位现为“市生态环境局”") as refused:
        actions.edit_candidate(
            letter, candidate=1, title="另一个标题", shown=shown, actor=cast.coordinator.actor
        )
    assert refused.value.data["moved"] == ["lead_unit"]
    assert first(letter).title != "另一个标题"


def test_what_one_did_not_see_does_not_stand_in_the_way(letter: IntakeDocument, cast: Cast) -> None:
    shown = {"title": first(letter).title}
    edit(letter, cast, facts={"site": "石堰沟"})
    actions.edit_candidate(letter, candidate=1, title="另一个标题", shown=shown, actor=cast.coordinator.actor)
    assert (first(letter).title, first(letter).values["site"]) == ("另一个标题", "石堰沟")


def test_a_split_of_words_that_changed_is_refused(letter: IntakeDocument, cast: Cast) -> None:
    shown = shown_of(first(letter))
    edit(letter, cast, text="改过的描述。")
    halves = {"first": {"text": "甲。"}, "second": {"text": "乙。"}}
    with pytest.raises(Moved, match="问题描述现为“改过的描述。”"):
        actions.split_candidate(letter, candidate=1, shown=shown, actor=cast.coordinator.actor, **halves)


def hidden(page: str) -> str:
    found = re.search(r'name="shown" value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


def test_the_form_keeps_every_typed_word_and_is_taken_the_second_time(
    letter: IntakeDocument, cast: Cast, client_as: ClientAs
) -> None:
    desk, url = client_as(cast.coordinator), reverse("intake:edit", args=[letter.pk, 1])
    values = edit_values(letter, shown=hidden(desk.get(url).content.decode()), title="我写的标题")
    edit(letter, cast, facts={"site": "石堰沟"})
    refused = desk.post(url, values)
    page = refused.content.decode()
    assert (refused.status_code, "我写的标题" in page, "点位现为“石堰沟”" in page) == (409, True, True)
    assert desk.post(url, {**values, "shown": hidden(page)}).status_code == 302
    assert first(letter).title == "我写的标题"


def test_nobody_confirms_what_another_wrote_since_they_looked(
    letter: IntakeDocument, cast: Cast, client_as: ClientAs
) -> None:
    desk, url = client_as(cast.coordinator), reverse("intake:confirm", args=[letter.pk])
    page = desk.get(reverse("intake:review", args=[letter.pk])).content.decode()
    seen = re.search(r'name="seen-1" value="([^"]+)"', page)
    assert seen
    edit(letter, cast, facts={"lead_unit": str(cast.ecology.pk)})
    values = {"candidates": "1", "at": "7", "seen-1": seen[1]}
    refused = desk.post(url, values, headers={"HX-Request": "true"})
    told = refused.content.decode()
    assert (refused.status_code, "已被周正改过" in told, "市生态环境局" in told) == (409, True, True)
    assert Candidate.objects.get(document=letter, k=1).state == Candidate.State.PROPOSED
    fresh = re.search(r'name="seen-1" value="([^"]+)"', told)
    assert fresh
    assert desk.post(url, {**values, "seen-1": fresh[1]}).status_code == 302
    assert Candidate.objects.get(document=letter, k=1).state == Candidate.State.CONFIRMED


def test_a_section_accepted_over_anothers_word_leaves_it(letter: IntakeDocument, cast: Cast) -> None:
    actions.dispose(letter, passages=[5], disposition="context", actor=cast.reviewer.actor)
    actions.accept_proposals(letter, passages=[4, 5], actor=cast.coordinator.actor)
    said = Passage.objects.filter(document=letter, n__in=[4, 5]).values_list("disposition", "decided_by")
    assert ("context", cast.reviewer.person.pk) in list(said)
