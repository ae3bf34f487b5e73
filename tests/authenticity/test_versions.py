"""A corrected photograph is no repeat of the one it corrects; what was doubted of either version stays with that version."""

from __future__ import annotations

import pytest

from bihuan.authenticity.models import AuthenticityFlag
from bihuan.authenticity.pages import page_of_one
from bihuan.files.jobs import look_into
from bihuan.rectification import actions as do
from tests.authenticity.pictures import jpeg, photograph, scene
from tests.rectification.conftest import fresh

pytestmark = pytest.mark.django_db


def correct(stage, proof, file, by=None):
    do.replace_evidence(
        proof, upload=file, reason="原照片时间水印有误", actor=(by or stage.story.cast.handler).actor
    )
    proof.refresh_from_db()
    look_into(proof.file.blob.sha256, proof.file.name)


def test_the_correction_of_a_photograph_is_no_near_repeat_of_it(stage):
    problem = stage.problem()
    proof = stage.hand_in(problem, photograph(51))
    correct(stage, proof, jpeg(scene(51), "更正.jpg", quality=40))
    stage.apply(problem)
    assert stage.kinds(problem) == []


def test_what_was_replaced_elsewhere_is_still_known_when_it_turns_up_again(stage):
    other, problem = stage.elsewhere(), stage.problem()
    keeper = stage.story.cast.sector_handler
    earlier = stage.hand_in(other, photograph(52), by=keeper)
    correct(stage, earlier, photograph(53), by=keeper)
    stage.days(1)
    stage.hand_in(problem, jpeg(scene(52), "整改后.jpg", quality=40))
    stage.apply(problem)
    (flag,) = stage.flags(problem)
    assert (flag.kind, flag.facts["other"], flag.facts["other_version"]) == ("near_photo", str(earlier.pk), 1)


def test_a_copy_brought_in_as_a_later_version_is_found_though_its_proof_is_the_older(stage):
    problem, other = stage.problem(), stage.elsewhere()
    proof = stage.hand_in(problem, photograph(54))
    stage.days(1)
    stage.hand_in(other, photograph(55), by=stage.story.cast.sector_handler)
    stage.days(1)
    correct(stage, proof, jpeg(scene(55), "更正.jpg", quality=40))
    stage.apply(problem)
    (flag,) = stage.flags(problem)
    assert (flag.kind, flag.facts["version"]) == ("near_photo", 2)


def test_the_doubt_of_the_first_version_is_kept_and_the_second_is_doubted_afresh(stage):
    other, problem = stage.elsewhere(), stage.problem()
    stage.hand_in(other, photograph(56), by=stage.story.cast.sector_handler)
    stage.days(1)
    proof = stage.hand_in(problem, jpeg(scene(56), "一.jpg", quality=40))
    first = proof.file
    stage.apply(problem)
    do.return_acceptance(
        fresh([problem])[0],
        gates={"effect": "failed"},
        what_is_missing="照片用在别处",
        actor=stage.story.cast.acceptor.actor,
    )
    correct(stage, proof, jpeg(scene(56), "二.jpg", quality=30))
    stage.apply(problem)
    one, two = AuthenticityFlag.objects.filter(kind="near_photo").order_by("id")
    assert ("version" in one.facts, two.facts["version"]) == (False, 2)
    shown = page_of_one(stage.story.cast.acceptor.actor, AuthenticityFlag.objects.get(pk=one.pk))
    assert shown["pictures"][0]["name"] == first.name
