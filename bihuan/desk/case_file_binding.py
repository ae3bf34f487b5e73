"""Binding many case files in the background: asked for, worked through one problem at a time, kept for some days.

A worker that dies loses nothing: the job begins again from the start. What was expunged while an archive was written
or lay waiting takes the archive with it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from bihuan.desk.case_file import RELATED, case_file_of
from bihuan.desk.case_file_archive import Archive
from bihuan.desk.models import Binding
from bihuan.files import store
from bihuan.journal import access, timesource
from bihuan.journal.action import Actor, NotAllowed, Refused
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.acting import actor_for
from bihuan.organizations.models import Person, Post
from bihuan.policies.checking import kind_named
from bihuan.policies.queries import policy_for

if TYPE_CHECKING:
    import uuid

MOST: Final = 500
MOST_WAITING: Final = 3
MOST_BYTES: Final = 4 * 1024**3
# How long the row of an archive that is gone is remembered; how long the archive is kept, a policy says.
REMEMBERED_FOR: Final = timedelta(days=30)
POLICY: Final = "case_file"
WHAT: Final = "export:case_file"
UNFINISHED: Final = (Binding.State.WAITING, Binding.State.BINDING)


class TooLarge(Exception):
    """The archive has outgrown what one may be."""


def ask(actor: Actor, problems: Sequence[Problem]) -> Binding:
    """Queue a binding; the rows and the job are written together."""
    if actor.person is None or actor.post is None:
        raise NotAllowed(_("您今天不在这个岗位上。"))
    refuse_number(len(problems))
    waiting = Binding.objects.filter(person=actor.person, state__in=UNFINISHED).count()
    if waiting >= MOST_WAITING:
        raise Refused(
            _("您已有 %(count)d 批卷宗在装订。") % {"count": waiting},
            accepted=_("请等其中一批完成后再装订。"),
        )
    with transaction.atomic():
        row: Binding = Binding.objects.create(
            person=actor.person,
            post=actor.post,
            language=get_language() or "zh-hans",
            problems=[str(problem.pk) for problem in problems],
            asked_at=timesource.now(),
        )
        _queue(row)
    return row


def kept_days(post: uuid.UUID | None) -> int:
    """For how many days the office of this post's place lets an archive lie; without a rule, as long as it starts with.

    It is a copy beside the ledger, so a page that tells of it is not refused for want of a rule.
    """
    held = Post.objects.select_related("unit").filter(pk=post).first()
    if held is None:
        raise NotAllowed(_("您今天不在这个岗位上。"))
    try:
        body = policy_for(POLICY, jurisdiction=held.unit, on=timesource.today()).body
    except Refused:
        body = kind_named(POLICY).starts[0].body
    return int(body["kept_days"])


def refuse_number(count: int) -> None:
    """Nothing, or more than one archive may hold."""
    if count == 0:
        raise Refused(_("没有选中问题。"), accepted=_("请在台账里勾选，或放宽条件。"))
    if count > MOST:
        raise Refused(
            ngettext("选中了 %(count)d 件。", "选中了 %(count)d 件。", count) % {"count": count},
            accepted=_("一次最多装订 %(most)d 件，请用条件缩小范围，分批装订。") % {"most": MOST},
        )


def again(row: Binding) -> bool:
    """Bind the same problems once more; false where that is under way or done already."""
    with transaction.atomic():
        open_again = Binding.objects.filter(pk=row.pk, state__in=(Binding.State.FAILED, Binding.State.GONE))
        if not open_again.update(state=Binding.State.WAITING, failure="", done=0, kept_until=None):
            return False
        _queue(row)
    return True


def _queue(row: Binding) -> None:
    from bihuan.desk.jobs import bind_case_files

    bind_case_files.defer(binding=str(row.pk))


def bind(pk: uuid.UUID | str) -> None:
    """Do what was asked for. Whoever asked must still sit in that post; what they no longer see is left out."""
    row: Binding | None = Binding.objects.filter(pk=pk, state__in=UNFINISHED).first()
    if row is None:
        return
    _mark(row, Binding.State.BINDING, done=0)
    try:
        with override(row.language), tempfile.TemporaryFile(dir=settings.DATA_FOLDER) as target:
            actor = actor_for(Person.objects.get(pk=row.person), row.post)
            failure = _bind_all(row, actor, target)
            if failure:
                _mark(row, Binding.State.FAILED, failure=failure)
            else:
                _keep(row, target)
    except NotAllowed:
        _mark(row, Binding.State.FAILED, failure="post")
    except TooLarge:
        _mark(row, Binding.State.FAILED, failure="too_large")
    except Exception:
        # The queue logs what it was; the person must not be left with a bar that never moves.
        _mark(row, Binding.State.FAILED, failure="error")
        raise


def _bind_all(row: Binding, actor: Actor, target: IO[bytes]) -> str:
    at, bound = timesource.now(), list[str]()
    with Archive(target, at) as archive:
        for number, pk in enumerate(row.problems, start=1):
            seen = visible(actor, Problem.objects.filter(pk=pk).select_related(*RELATED)).first()
            if seen is not None:
                written = archive.bind(case_file_of(actor, seen, at))
                enter(actor, seen, manifest=written.manifest_sha256, files=written.files)
                bound.append(pk)
            if target.tell() > MOST_BYTES:
                raise TooLarge
            Binding.objects.filter(pk=row.pk).update(done=number)
    if not bound:
        return "nothing"
    # What could no longer be seen is not asked for again when the archive is fetched.
    Binding.objects.filter(pk=row.pk).update(problems=bound, done=len(bound))
    return ""


def _keep(row: Binding, target: IO[bytes]) -> None:
    size = target.tell()
    target.seek(0)
    store.write_large(row.stored_as, target)
    kept = Binding.objects.filter(pk=row.pk, state=Binding.State.BINDING)
    until = timesource.now() + timedelta(days=kept_days(row.post))
    if not kept.update(state=Binding.State.READY, size=size, kept_until=until):
        # Something was expunged meanwhile, and this archive may hold it.
        store.destroy(row.stored_as)


def _mark(row: Binding, state: str, **more: object) -> None:
    Binding.objects.filter(pk=row.pk, state__in=UNFINISHED).update(state=state, **more)


def enter(actor: Actor, problem: Problem, *, manifest: str, files: int) -> None:
    """Enter in the access log that a copy was made, with the digest of its manifest: by that it is known again."""
    access.record(actor, WHAT, subjects=[problem], manifest=manifest, files=files)


def drop_all() -> list[str]:
    """Forget every archive, finished or under way; returns where the finished ones lie. Called when content must go."""
    doomed = Binding.objects.filter(state__in=(*UNFINISHED, Binding.State.READY))
    names = [row.stored_as for row in doomed]
    doomed.update(state=Binding.State.GONE, failure="expunged")
    return names


def sweep() -> int:
    """Clear archives whose days are over, and rows nobody looks for any more; returns how many archives went."""
    now = timesource.now()
    over = Q(state=Binding.State.READY, kept_until__lt=now) | Q(state=Binding.State.GONE)
    cleared = 0
    for row in Binding.objects.filter(over):
        cleared += store.exists(row.stored_as)
        store.destroy(row.stored_as)
        Binding.objects.filter(pk=row.pk, state=Binding.State.READY).update(state=Binding.State.GONE)
    Binding.objects.filter(asked_at__lt=now - REMEMBERED_FOR).exclude(state=Binding.State.READY).delete()
    return cleared
