"""Drawing the small pieces as HTML. They stand in tables by the hundred, so they are made without templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bihuan.web import components as parts
from bihuan.web.icons import icon, light_shape
from bihuan.web.making import WrongPiece, made
from bihuan.web.stages import ENDING_NAMES, LIGHT_NAMES, STAGE_NAMES

if TYPE_CHECKING:
    from bihuan.web.components import Shown

_NOTHING = mark_safe("")
_LEVEL_CLASSES = ("", " tag-solid", " tag-strong", " tag-ink")
_TONE_CLASSES = {
    "plain": "",
    "solid": " tag-solid",
    "strong": " tag-strong",
    "ink": " tag-ink",
    "ok": " tag-ok",
    "notice": " tag-notice",
}


def light(value: object, size: str = "") -> SafeString:
    """Shape, letter and words; overdue is the one light whose words are red too."""
    one = made(parts.Light, value)
    words = format_html('<span class="d">{}</span>', one.words) if one.words else _NOTHING
    classes = "light" + (" is-late" if one.colour == "red" else "") + (" light-lg" if size == "large" else "")
    title = format_html(' title="{}"', one.because) if one.because else _NOTHING
    letter = LIGHT_NAMES[one.colour]
    return format_html(
        '<span class="{}"{}>{}<span class="l">{}</span>{}</span>',
        classes,
        title,
        light_shape(one.colour),
        letter,
        words,
    )


def _stage_words(one: parts.StageMark) -> parts.Words:
    if one.name:
        return one.name
    return ENDING_NAMES.get(one.ended) or STAGE_NAMES[one.stage - 1]


def _glyph_inside(one: parts.StageMark) -> SafeString:
    if one.ended == "closed":
        return mark_safe('<use href="#g-full"/>')
    if one.ended == "held":
        return mark_safe('<use href="#g-full"/><path class="i" d="M7.200 10.200l2 2 3.600-4"/>')
    ring = format_html('<use href="#g{}"/>', one.stage)
    if one.ended == "suspended":
        return ring + mark_safe('<path class="i" d="M8.600 8v4M11.400 8v4"/>')
    if one.round > 1:
        return ring + mark_safe('<circle class="dot" cx="10" cy="10" r="2.2"/>')
    return ring


def glyph(value: object) -> SafeString:
    """The 20 px ring alone; whoever uses it alone must have its words beside it or in `.sr`."""
    one = made(parts.StageMark, value)
    if not 1 <= one.stage <= len(STAGE_NAMES):
        msg = f"A stage is 1 to {len(STAGE_NAMES)}, not {one.stage}"
        raise WrongPiece(msg)
    # An ended ring wears the colour of where it ended: closure green, look-back plum.
    stage = {"closed": 7, "held": 8}.get(one.ended, one.stage)
    return format_html(
        '<svg class="glyph s{}" viewBox="0 0 20 20" aria-hidden="true">{}</svg>', stage, _glyph_inside(one)
    )


def stage(value: object) -> SafeString:
    """Ring and word, and from the second round on its number for those who cannot see the dot."""
    one = made(parts.StageMark, value)
    more = _NOTHING
    if one.round > 1:
        more = format_html('<span class="sr">{}</span>', _("，第 %(round)s 轮") % {"round": one.round})
    return format_html(
        '<span class="stage">{}<span class="stage-t">{}</span>{}</span>', glyph(one), _stage_words(one), more
    )


def level(value: object) -> SafeString:
    one = made(parts.Level, value)
    return format_html('<span class="tag{}">{}</span>', _LEVEL_CLASSES[min(max(one.rank, 0), 3)], one.name)


def chip(value: object, tone: str = "plain") -> SafeString:
    one = parts.Chip(words=value, tone=tone) if isinstance(value, str | Promise) else made(parts.Chip, value)  # type: ignore[arg-type]
    return format_html('<span class="tag{}">{}</span>', _TONE_CLASSES[one.tone], one.words)


def day(value: date) -> SafeString:
    """A date as the tables write it; a moment in time is shown in the installation's zone, to the minute."""
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return format_html('<time datetime="{}">{}</time>', local.isoformat(), f"{local:%Y-%m-%d %H:%M}")
    return format_html('<time datetime="{0}">{0}</time>', value.isoformat())


def grouped(value: int) -> SafeString:
    """A number in threes. Django's Chinese format groups by ten thousands, which no ledger does."""
    return format_html('<span class="num">{}</span>', f"{value:,}")


def due(value: object) -> SafeString:
    """The current deadline; a first one that differs is struck through, extensions are counted beside it."""
    one = made(parts.Due, value)
    if one.current is None:
        return format_html('<span class="missing">{}</span>', one.missing or _("待定"))
    bits = [format_html('<span class="late">{}</span>', day(one.current)) if one.late else day(one.current)]
    if one.first is not None and one.first != one.current:
        bits.insert(0, format_html('<s><span class="sr">{}</span>{}</s>', _("原定"), day(one.first)))
    if one.extensions:
        words = _("延期×%(count)s") % {"count": one.extensions}
        bits.append(format_html('<span class="tag tag-notice">{}</span>', words))
    return format_html('<span class="due-d">{}</span>', format_html_join(" ", "{}", ((bit,) for bit in bits)))


def link(value: object) -> SafeString:
    one = made(parts.Link, value)
    title = format_html(' title="{}"', one.hint) if one.hint else _NOTHING
    return format_html('<a href="{}"{}>{}</a>', one.url, title, one.words)


def missing(value: object) -> SafeString:
    return format_html('<span class="missing">{}</span>', made(parts.Missing, value).words)


def struck(value: object) -> SafeString:
    one = made(parts.Struck, value)
    return format_html('<s><span class="sr">{}</span>{}</s>', one.said, one.words)


def percent(value: object) -> SafeString:
    one = made(parts.Percent, value)
    shown = min(max(one.value, 0), 100)
    label = _("完成 %(percent)s%%") % {"percent": shown}
    if one.scheduled is not None:
        label += _("，序时应达 %(percent)s%%") % {"percent": one.scheduled}
    return format_html(
        '<span class="pct" title="{}"><progress max="100" value="{}"{} aria-label="{}"></progress>{}%</span>',
        label,
        shown,
        mark_safe(' class="is-ok"') if shown == 100 else _NOTHING,  # noqa: PLR2004 - all of it
        label,
        shown,
    )


def verified(digest: str, state: bool | None = None, words: str = "") -> SafeString:  # noqa: FBT001 - templates pass positions
    """A short hash with what the last check said of it; unchecked is said plainly, never shown as good."""
    if state is None:
        return format_html('<span class="hash faint">{}</span>', _short(digest)) if digest else _NOTHING
    shown = format_html('<span class="hash">{}</span>', _short(digest)) if digest else _NOTHING
    name, kind = ("done", "verified") if state else ("broken", "verified is-broken")
    said = words or (_("校验一致") if state else _("校验不一致"))
    hidden = format_html('<span class="sr">{}</span>', said) if digest else said
    return format_html('<span class="{}" title="{}">{}{}{}</span>', kind, said, icon(name), shown, hidden)


def options(values: Sequence[parts.Option]) -> SafeString:
    """The options of a select box, of which some have a hundred."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((one.value, mark_safe(" selected") if one.selected else _NOTHING, one.label) for one in values),
    )


def _short(digest: str) -> str:
    return digest if len(digest) < 10 else f"{digest[:4]}…{digest[-4:]}"  # noqa: PLR2004 - 4 + dots + 4


def _nothing(value: None) -> SafeString:
    return format_html('<span class="faint">{}</span>', _("无"))


def _words(value: str | Promise) -> SafeString:
    return conditional_escape(str(value)) if value else _nothing(None)


def _yes_or_no(value: bool) -> SafeString:  # noqa: FBT001 - it draws a truth value
    return format_html("{}", _("是") if value else _("否"))


_PIECES: dict[type, Callable[[Any], SafeString]] = {
    parts.Light: light,
    parts.StageMark: stage,
    parts.Level: level,
    parts.Due: due,
    parts.Chip: chip,
    parts.Link: link,
    parts.Missing: missing,
    parts.Struck: struck,
    parts.Percent: percent,
}
_BY_NAME = {kind.__name__.lower(): kind for kind in _PIECES}


def _named_piece(value: Mapping[str, object]) -> SafeString:
    kind = _BY_NAME.get(str(value.get("piece", "")).lower())
    if kind is None:
        msg = f"A mapping in a cell names its piece, one of: {', '.join(sorted(_BY_NAME))}"
        raise WrongPiece(msg)
    return _PIECES[kind](made(kind, {key: part for key, part in value.items() if key != "piece"}))


def _several(values: Sequence[Shown]) -> SafeString:
    """In one piece: on a phone a cell is a grid, in which each piece would find a place of its own."""
    return format_html("<span>{}</span>", format_html_join(" ", "{}", ((shown(one),) for one in values)))


# The order matters: a truth value is an int and words are a sequence, so the narrower stands first.
_DRAWN: tuple[tuple[type | tuple[type, ...], Callable[[Any], SafeString]], ...] = (
    *_PIECES.items(),
    ((str, Promise), _words),
    (type(None), _nothing),
    (bool, _yes_or_no),
    (int, grouped),
    (date, day),
    (Mapping, _named_piece),
    (Sequence, _several),
)
# What most cells are, found by its very type.
_AT_ONCE: Mapping[type, Callable[[Any], SafeString]] = {**_PIECES, str: _words, type(None): _nothing}


def shown(value: Shown | Mapping[str, object]) -> SafeString:
    """Any value of a table cell or a fact, drawn as what it is. A mapping names its piece: {"piece": "light", …}."""
    draw = _AT_ONCE.get(type(value))
    if draw is not None:
        return draw(value)
    for kind, draws in _DRAWN:
        if isinstance(value, kind):
            return draws(value)
    msg = f"A cell cannot show a {type(value).__name__}"
    raise WrongPiece(msg)
