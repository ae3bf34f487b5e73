from __future__ import annotations

import random

import pytest

from bihuan.text.classifier import Profiles
from bihuan.text.learning import Example
from bihuan.text.mixing import learn_beside_profiles

PROFILES = Profiles(
    {"水": ["污水", "河道", "排污"], "教育": ["学校", "补课"], "消防": ["灭火器", "消防通道"]}, fallback="水"
)


def letters(count: int, *, seed: int = 1, turned: bool = False) -> list[Example]:
    """Letters as the profiles have them, or as an office that calls things the other way round."""
    chance = random.Random(seed)
    wells = {"水": ["污水直排", "河道发臭", "排污口"], "教育": ["学校补课", "学校收费", "补课费"]}
    fillers = ["请尽快解决", "多次反映", "群众意见大", "无人管理", "影响生活"]
    found = []
    for number in range(count):
        label = ("水", "教育")[number % 2]
        other = {"水": "教育", "教育": "水"}[label] if turned else label
        found.append(Example(f"{chance.choice(wells[other])}{chance.choice(fillers)}{number}", label))
    return found


def test_with_few_labels_the_profiles_are_heard():
    model = learn_beside_profiles(letters(8), profiles=PROFILES)
    assert model.voices.profiles > 0
    assert model.predict("灭火器过期，消防通道被占").best == "消防"


def test_an_office_that_calls_things_otherwise_is_followed():
    model = learn_beside_profiles(letters(60, turned=True), profiles=PROFILES)
    assert PROFILES.predict("污水直排河道").best == "水"
    assert model.predict("污水直排河道").best == "教育"


def test_the_same_labels_in_any_order_give_the_same_model():
    rows = letters(30)
    shuffled = random.Random(3).sample(rows, len(rows))
    texts = [row.text for row in rows]
    once, again = (
        learn_beside_profiles(rows, profiles=PROFILES),
        learn_beside_profiles(shuffled, profiles=PROFILES),
    )
    assert once.predict_all(texts) == again.predict_all(texts)


def test_a_token_of_one_text_alone_is_not_learnt():
    rows = [*letters(20), Example("河道旁的皇甫青禾家", "水")]
    model = learn_beside_profiles(rows, profiles=PROFILES, shared=2)
    known = set(model.learnt.features.tokens)
    assert not known & {"皇甫", "青禾", "甫青", "皇", "禾"}
    assert "河道" in known


def test_one_label_alone_is_refused():
    with pytest.raises(ValueError, match="two labels"):
        learn_beside_profiles([Example("河道", "水")], profiles=PROFILES)


def test_a_text_of_which_nothing_is_known_is_abstained_from():
    assert learn_beside_profiles(letters(20), profiles=PROFILES).predict("xyz").label is None
