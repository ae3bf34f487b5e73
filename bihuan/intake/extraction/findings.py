"""How many findings an item of prose holds, and which passages belong to each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bihuan.intake.extraction.cues import (
    Disposition,
    context_weight,
    measure_weight,
    plain_demand,
    praise_weight,
    problem_weight,
    requirement_weight,
)
from bihuan.intake.extraction.zones import OF_ZONE, Zone, zone_of_lead_in
from bihuan.text.outline import enumerators
from bihuan.text.secrecy import speaks_of_clues
from bihuan.text.sentences import clauses

if TYPE_CHECKING:
    from collections.abc import Sequence

_PIVOT = re.compile(
    r"^(?:从[^，。；]{2,14}(?:看|来看|来讲)[，：]|(?:在)?[^，。；]{2,14}(?:方面|环节|领域)(?:[，：]|有(?=\s*\d)))"
)
_CONTINUES = re.compile(
    r"^(?:如|例如|比如|其中|主要|上述|该|此外?|这|其|因此|由此|导致|造成|使得|至\s*\d|截至|有的|同时|并|且|但|而|另|另外|还|也|"
    r"特别是|尤其|甚至|对此|经查|经核查|据了解|原因|部分(?:项目|地块))"
)
_VIOLATION = re.compile(
    r"(?:违反|不符合|违背)[^。；]{0,40}(?:第\s*[^。；]{1,10}\s*[条项款]|《[^》]+》[^。；]{0,30}(?:规定|要求|标准))"
)
_SUMMARY = re.compile(
    r"(?:均|都|普遍|主要|大多)(?:不同程度)?(?:地)?存在[^。]{0,40}(?:问题|情况|现象)[。：]?$|[：:]$"
)
_COUNTED = re.compile(
    r"^(?:有)?(?:[\d０-９.]+\s*(?:余|多)?\s*(?:个|家|省|市|县|区|户|名|所|条|项|处|座|起|件|人|亿|万)|少数|个别)"
)
_TOPIC = re.compile(r"(?:情况|方面|工作|部分|概况|领域|专题|问题)[。：:]?$")
_CASE_OF_DETAIL = re.compile(r"\d|《|“")
_SHORTEST_CLAUSE = 5
_LONGEST_CLAUSE = 48
_SEVERAL = 2
_LIKENESS = 6
_HEAD_OF_SENTENCE = 24


def disposition_of(text: str, zone: Zone) -> Disposition:
    """What one sentence is, by its own words and by where it stands."""
    if plain_demand(text):
        return Disposition.REQUIREMENT
    if speaks_of_clues(text):
        return Disposition.CONTEXT
    scores = {
        Disposition.PROBLEM: 1.0 * problem_weight(text),
        Disposition.REQUIREMENT: 0.8 * requirement_weight(text),
        Disposition.MEASURE_TAKEN: 0.9 * measure_weight(text),
        Disposition.PRAISE: 0.9 * praise_weight(text),
        Disposition.CONTEXT: 0.7 * context_weight(text),
    }
    if zone is not Zone.OPEN:
        scores[OF_ZONE[zone]] += 1.6
    best = max(scores, key=lambda found: scores[found])
    return best if scores[best] > 0 else OF_ZONE[zone]


def is_problem(text: str, zone: Zone) -> bool:
    """Whether one sentence states a problem."""
    return disposition_of(text, zone) is Disposition.PROBLEM


def groups_of(texts: Sequence[str], zone: Zone, *, numbered: bool) -> list[list[int]]:
    """Which of an item's sentences form a finding each; sentences in no group are not problems.

    `numbered` items were counted by the source, so they stay one finding unless they plainly hold several.
    """
    if zone not in (Zone.PROBLEM, Zone.OPEN):
        return []
    whole = "".join(texts)
    starts = _enumerated_starts(texts, whole)
    if starts:
        return _enumerated(texts, starts, zone)
    if numbered:
        return _numbered(list(range(len(texts))), texts, zone)
    return _loose(list(range(len(texts))), texts, zone)


def _enumerated_starts(texts: Sequence[str], whole: str) -> list[int]:
    offsets, at = {}, 0
    for index, text in enumerate(texts):
        offsets[at] = index
        at += len(text)
    return [offsets[position] for position, _ in enumerators(whole) if position in offsets]


def _enumerated(texts: Sequence[str], starts: list[int], zone: Zone) -> list[list[int]]:
    """一是…二是…: each member is a finding, a member with several aspects (在…方面) is several."""
    lead = texts[starts[0] - 1] if starts[0] else ""
    announced = zone_of_lead_in(lead) if lead.strip().endswith(("：", ":")) else Zone.OPEN
    if announced in (Zone.REQUIREMENT, Zone.MEASURE):
        return []
    inner = Zone.PROBLEM if announced is Zone.PROBLEM else zone
    groups: list[list[int]] = []
    for start, end in zip(starts, [*starts[1:], len(texts)], strict=True):
        member = list(range(start, end))
        pivots = _pivot_groups(member, texts, inner)
        if pivots:
            groups += pivots
        elif any(is_problem(texts[index], inner) for index in member):
            groups.append(_trimmed(member, texts, inner))
    return groups


def _numbered(indices: list[int], texts: Sequence[str], zone: Zone) -> list[list[int]]:
    pivots = _pivot_groups(indices, texts, zone)
    if pivots:
        return pivots
    violations = [index for index in indices if _VIOLATION.search(texts[index])]
    if len(violations) >= _SEVERAL:
        return _by_violation(indices, violations, texts)
    if not _names_a_problem(indices, texts, zone):
        return _loose(indices, texts, zone)
    return (
        [_trimmed(indices, texts, zone)] if any(is_problem(texts[index], zone) for index in indices) else []
    )


def _names_a_problem(indices: list[int], texts: Sequence[str], zone: Zone) -> bool:
    """Whether an item's first sentence says what is wrong, rather than what the item is about."""
    lead = texts[indices[0]].strip()
    if len(indices) == 1:
        return True
    if _TOPIC.search(lead) and problem_weight(lead) < _SEVERAL:
        return False
    return zone is Zone.PROBLEM or (problem_weight(lead) > 0 and is_problem(lead, zone))


def _by_violation(indices: list[int], violations: list[int], texts: Sequence[str]) -> list[list[int]]:
    """A provision quoted as broken ends a finding; the summary before the first document named belongs to none."""
    start = next(
        (
            index
            for index in indices
            if re.search(r"《|规定“|出台|印发", texts[index]) and index <= violations[0]
        ),
        indices[0],
    )
    groups = []
    for end in violations:
        groups.append(list(range(start, end + 1)))
        start = end + 1
    return groups


def _pivot_groups(indices: list[int], texts: Sequence[str], zone: Zone) -> list[list[int]]:
    """从…看 / 在…方面 / …环节有: aspects of one item, each a finding; within one, counted subjects begin another."""
    starts = [index for index in indices if _PIVOT.match(texts[index].strip())]
    if len(starts) < _SEVERAL:
        return []
    groups: list[list[int]] = []
    for start, end in zip(starts, [*starts[1:], indices[-1] + 1], strict=True):
        counted = [index for index in range(start + 1, end) if _COUNTED.match(texts[index].strip())]
        for first, last in zip([start, *counted], [*counted, end], strict=True):
            part = list(range(first, last))
            if any(is_problem(texts[index], zone) for index in part):
                groups.append(part)
    return groups


def _loose(indices: list[int], texts: Sequence[str], zone: Zone) -> list[list[int]]:
    """Sentences that each state a problem of their own, with the sentences that go on about it."""
    groups: list[list[int]] = []
    open_group: list[int] | None = None
    for index in indices:
        text = texts[index].strip()
        continues = _CONTINUES.match(text) is not None
        if (
            open_group is not None
            and continues
            and disposition_of(text, zone)
            in (
                Disposition.PROBLEM,
                Disposition.CONTEXT,
            )
        ):
            open_group.append(index)
        elif _begins_finding(index, indices, texts, zone) or _is_like_last(groups, text, texts):
            open_group = [index]
            groups.append(open_group)
        else:
            open_group = None
    return groups


def _says_nothing_else(text: str) -> bool:
    """No sign of anything: below a problem it tells more about it."""
    return not (problem_weight(text) or context_weight(text) or praise_weight(text) or measure_weight(text))


def _begins_finding(index: int, indices: list[int], texts: Sequence[str], zone: Zone) -> bool:
    text = texts[index].strip()
    if text.endswith(("：", ":")):
        return False
    return is_problem(text, zone) and _enough(text, zone) and not _is_summary(index, indices, texts, zone)


def _is_like_last(groups: list[list[int]], text: str, texts: Sequence[str]) -> bool:
    """Sentences built alike state things alike: 甲流域的重点任务之一是…, 乙流域的重点任务之一是…"""
    if not groups or problem_weight(text) == 0:
        return False
    head, other = text[:_HEAD_OF_SENTENCE], texts[groups[-1][0]].strip()[:_HEAD_OF_SENTENCE]
    return any(head[at : at + _LIKENESS] in other for at in range(len(head) - _LIKENESS + 1))


def _enough(text: str, zone: Zone) -> bool:
    """In a part of the document that has not announced problems a sentence must say so plainly."""
    return problem_weight(text) >= (1 if zone is Zone.PROBLEM else 2)


def _is_summary(index: int, indices: list[int], texts: Sequence[str], zone: Zone) -> bool:
    if not _SUMMARY.search(texts[index].strip()):
        return False
    return any(later > index and is_problem(texts[later], zone) for later in indices)


def _trimmed(indices: list[int], texts: Sequence[str], zone: Zone) -> list[int]:
    """A finding without what was done or is demanded about it at its end."""
    end = len(indices)
    while end > 1 and disposition_of(texts[indices[end - 1]], zone) in (
        Disposition.MEASURE_TAKEN,
        Disposition.REQUIREMENT,
        Disposition.PRAISE,
    ):
        end -= 1
    return indices[:end]


def problem_clauses(text: str, *, announced: bool = False) -> list[str]:
    """The clauses of a sentence that strings problems together (…不到位，…有差距，…); one piece where it does not.

    An announced list (“存在以下问题：”) may hold some members that bear no sign of their own.
    """
    found = clauses(text)
    if len(found) < _SEVERAL or _CASE_OF_DETAIL.search(re.sub(r"“[^”]{1,12}”", "", text)):
        return [text]
    marked = sum(problem_weight(clause) > 0 for clause in found)
    if announced and marked * _SEVERAL >= len(found):
        merged = found
    else:
        merged = _merged_clauses(found)
        if not all(problem_weight(clause) for clause in merged):
            return [text]
    plain = all(_SHORTEST_CLAUSE <= len(clause) <= _LONGEST_CLAUSE for clause in merged)
    return merged if plain and len(merged) > 1 else [text]


def _merged_clauses(found: list[str]) -> list[str]:
    """Clauses without a sign of their own joined to the clause they lead to."""
    merged: list[str] = []
    for clause in found:
        if merged and not problem_weight(merged[-1]):
            merged[-1] += clause
        else:
            merged.append(clause)
    if len(merged) > 1 and not problem_weight(merged[-1]):
        merged[-2:] = ["".join(merged[-2:])]
    return merged
