"""What it takes to review and seal a letter: keystrokes, and the server's time for each.

The letter is made up, the review is real: the pages are fetched and the forms sent that a browser fetches and sends, in
the order in which the keys lead through them. Reading is the clerk's; what is left of the time for it is what is said.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.test import Client
from django.urls import reverse

from bihuan.demo.bench.measure import BACKEND
from bihuan.intake import actions as intake
from bihuan.intake import queries
from bihuan.intake.confirming import missing_of
from bihuan.intake.models import Candidate, IntakeDocument, SampledPassage
from bihuan.intake.unpacking import Handed
from bihuan.journal import timesource
from bihuan.ledger import actions as ledger
from bihuan.ledger.models import Batch, Source
from bihuan.organizations.models import Account

if TYPE_CHECKING:
    from bihuan.demo.founding import City

PAGE: Final = 900
"""Characters of an official paper's page."""
NUMBERS: Final = "一二三四五六"
UNITS: Final = ("市水利局", "市生态环境局", "平桥县水利局", "市住建局", "市财政局", "某平台公司")
# Enter opens the form in the missing field, four letters find the unit, Enter takes it, Ctrl and Enter send.
KEYS_TO_FILL: Final = 8
MINUTES: Final = 20
FORM_FIELDS: Final = ("sector", "nature", "impact", "urgency", "rectification_kind", "source_no", "site")


def letter(pages: int) -> str:
    """A feedback letter of so many pages: praise, problems with their facts, requirements; every sixth unit is unknown."""
    lines = ["关于专项督查情况的反馈意见", "市人民政府：", "督查组进行了专项督查，现将有关情况反馈如下。"]
    for chapter in count(1):
        if sum(map(len, lines)) >= pages * PAGE:
            return "\n".join(lines)
        lines += [f"第{chapter}部分　第{chapter}片区", "一、总体情况"]
        lines.append(f"第{chapter}片区高度重视整改工作，建立台账{chapter}本，办结率持续提升，取得明显成效。")
        lines.append("二、存在的主要问题")
        for number, unit in zip(NUMBERS, UNITS, strict=True):
            lines.append(
                f"（{number}）{unit}对第{chapter}片区{number}号点位巡检不到位，污水直排沟渠，群众多次反映未得到有效解决。"
                f"2026年3月，督查组现场检查发现该点位仍有{chapter % 7 + 2}处排口未封堵，台账中却已登记为完成整改，巡查记录缺失两个月以上。"
                f"经调阅资料，该单位2025年列支整治资金{chapter % 9 + 3}20万元，截至检查时实际完成工程量不足三成，其余资金滞留在项目账户。"
                "上述做法不符合水污染防治的有关规定，相关责任人对整改情况掌握不清，对群众来信答复过于简单。"
            )
        lines += ["三、整改要求", "请切实加强组织领导，于2026年9月30日前完成整改，并按月报送整改进展情况。"]
    raise AssertionError("unreachable")


@dataclass
class Clerk:
    """Somebody at the keyboard: keys pressed, seconds the server took for each answer."""

    client: Client
    keys: int = 0
    seconds: list[float] = field(default_factory=list)

    def get(self, path: str) -> None:
        """A page or a form, as part of the key that asked for it."""
        self._timed(lambda: self.client.get(path))

    def send(self, name: str, *names: object, keys: int = 1, **values: Any) -> None:
        """A form sent by so many keys."""
        self.keys += keys
        path = reverse(f"intake:{name}", args=names)
        self._timed(lambda: self.client.post(path, values, headers={"HX-Request": "true"}))

    def _timed(self, call: Any) -> None:
        began = time.monotonic()
        answer = call()
        self.seconds.append(time.monotonic() - began)
        if answer.status_code not in {200, 204, 302}:
            raise RuntimeError(f"{answer.status_code}: {answer.content.decode()[:300]}")


@dataclass(frozen=True)
class Reviewed:
    """What it took."""

    pages: int
    characters: int
    passages: int
    problems: int
    first: Clerk
    second: Clerk

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "pages": self.pages, "characters": self.characters, "passages": self.passages, "problems": self.problems,
            "keystrokes": self.first.keys, "keystrokes_second_person": self.second.keys,
            "keystrokes_a_passage": round(self.first.keys / self.passages, 2),
            "server_seconds": round(sum(self.first.seconds), 1),
            "server_seconds_second_person": round(sum(self.second.seconds), 1),
            "answer_ms_median": round(statistics.median(self.first.seconds) * 1000),
            "answer_ms_p95": round(statistics.quantiles(self.first.seconds, n=20)[-1] * 1000),
            "minutes_left_to_read": round(self.minutes_left, 1),
            "characters_a_minute": round(self.characters / self.minutes_left),
        }  # fmt: skip

    @property
    def minutes_left(self) -> float:
        """Of twenty minutes, what the server and two keys a second leave for reading."""
        spent = sum(self.first.seconds) + sum(self.second.seconds) + (self.first.keys + self.second.keys) / 2
        return MINUTES - spent / 60


def review(city: City, pages: int) -> Reviewed:
    """Take the letter in, review it, look at the sample, seal."""
    text = letter(pages)
    batch = _batch(city)
    handed = [Handed(f"{batch.code}.txt", text.encode())]
    [document] = intake.receive_documents(handed, batch, actor=city.actor("shenyan"))
    first, second = _clerk("shenyan"), _clerk("linzy")
    _review(first, document, str(city.units["YC-ST"].pk))
    _seal(second, batch)
    batch.refresh_from_db()
    if batch.state != Batch.State.SEALED:
        raise RuntimeError("The batch was not sealed.")
    return Reviewed(pages, len(text), document.passages.count(), batch.problems.count(), first, second)


def _batch(city: City) -> Batch:
    number = Batch.objects.filter(code__startswith="BENCH-").count() + 1
    return ledger.create_batch(
        jurisdiction=city.yunchuan, code=f"BENCH-{number}", title=f"测速用的反馈意见{number}",
        source=Source.objects.get(code="government_inspection"), source_authority="市政府督查室",
        received_on=timesource.today(), deadline=timesource.today() + timedelta(days=90),
        actor=city.actor("shenyan"),
    )  # fmt: skip


def _clerk(name: str) -> Clerk:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    client = Client()
    client.force_login(Account.objects.get(username=name), backend=BACKEND)
    return Clerk(client)


def _review(clerk: Clerk, document: IntakeDocument, unit: str) -> None:
    for part in range(1, queries.review_of(document, part=1).parts + 1):
        view = queries.review_of(document, part=part)
        at = {"first": view.passages[0].n, "last": view.passages[-1].n}
        clerk.get(f"{reverse('intake:review', args=[document.pk])}?part={part}")
        for section in view.sections:
            _settle(clerk, document, section, at)
        for candidate in view.candidates:
            _confirm(clerk, document, candidate, unit, at)


def _settle(clerk: Clerk, document: IntakeDocument, section: queries.Section, at: dict[str, int]) -> None:
    """A section at a key; a passage the program has no proposal for takes a digit of its own."""
    if numbers := section.acceptable:
        clerk.send("accept", document.pk, passages=",".join(map(str, numbers)), at=numbers[0], **at)
    for n in section.open_numbers:
        if n not in section.acceptable:
            clerk.send("dispose", document.pk, passages=n, at=n, disposition="context", **at)


def _confirm(
    clerk: Clerk, document: IntakeDocument, candidate: Candidate, unit: str, at: dict[str, int]
) -> None:
    if candidate.state != Candidate.State.PROPOSED:
        return
    if missing_of(candidate):
        clerk.get(reverse("intake:edit", args=[document.pk, candidate.k]))
        form = {name: str(candidate.values.get(name) or "") for name in FORM_FIELDS}
        form |= {"title": candidate.title, "text": candidate.text, "lead_unit": unit}
        clerk.send("edit", document.pk, candidate.k, keys=KEYS_TO_FILL, **form)
        clerk.get(f"{reverse('intake:review', args=[document.pk])}?n={min(candidate.passages)}")
    clerk.send("confirm", document.pk, candidates=candidate.k, at=min(candidate.passages), **at)


def _seal(clerk: Clerk, batch: Batch) -> None:
    clerk.get(reverse("intake:sample", args=[batch.pk]))
    clerk.send("draw_sample", batch.pk)
    clerk.get(reverse("intake:sample", args=[batch.pk]))
    for place in SampledPassage.objects.filter(batch=batch).values_list("place", flat=True):
        clerk.send("check_passages", batch.pk, places=place, answer="agrees")
    clerk.get(reverse("intake:seal", args=[batch.pk]))
    clerk.send("seal", batch.pk, keys=2)
