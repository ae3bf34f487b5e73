"""Every picture of the interface, drawn by us: icons, lights, the 20 px rings; one sprite per page."""

from __future__ import annotations

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_ICONS: dict[str, str] = {
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="M10.5 10.5L14 14"/>',
    "x": '<path d="M3.5 3.5l9 9M12.5 3.5l-9 9"/>',
    "plus": '<path d="M8 3v10M3 8h10"/>',
    "chev": '<path d="M6 3.5L10.5 8 6 12.5"/>',
    "back": '<path d="M10 3.5L5.5 8l4.5 4.5"/>',
    "open": '<path d="M3.5 6L8 10.500 12.5 6"/>',
    "theme": '<circle cx="8" cy="8" r="5.5"/><path d="M8 2.5v11a5.5 5.5 0 0 0 0-11z" fill="currentColor"/>',
    "flag": '<path d="M3.5 14V2.5H12l-2 3 2 3H3.5"/>',
    "info": '<circle cx="8" cy="8" r="6"/><path d="M8 7.3V11M8 5v.1"/>',
    "down": '<path d="M8 2.5v8M4.5 7.5L8 11l3.5-3.5M3 13.5h10"/>',
    "up": '<path d="M8 11V3M4.5 6.500L8 3l3.5 3.5M3 13.5h10"/>',
    "desk": '<path d="M2.5 3.5h11v9h-11zM2.5 9.5h3l1 1.5h3l1-1.5h3"/>',
    "ledger": '<path d="M2.5 2.5h11v11h-11zM2.5 6h11M2.5 9.7h11M6 6v7.5"/>',
    "intake": '<path d="M4 2h5.5L12.5 5v9H4zM9.5 2v3h3M6 8h4.5M6 10.7h4.5"/>',
    "file": '<path d="M4 2h5.5L12.5 5v9H4zM9.5 2v3h3"/>',
    "person": '<circle cx="8" cy="5.5" r="2.7"/><path d="M2.8 13.500c.6-2.800 2.600-4.200 5.200-4.200s4.600 1.400 5.200 4.200"/>',
    "print": '<path d="M4.500 6V2.500h7V6M4.500 11.500h-2V6h11v5.500h-2M4.500 9.500h7v4h-7z"/>',
    "lock": '<path d="M3.500 7.500h9v6h-9zM5.500 7.500V5a2.500 2.500 0 0 1 5 0v2.500"/>',
    "said": '<path d="M2.500 3.500h11v7H8.500L5.500 13v-2.500h-3zM5.500 6h5M5.500 8h3"/>',
    "filter": '<path d="M2.500 3.500h11L9.500 8.500v4l-3 1v-5z"/>',
    "columns": '<path d="M2.500 3h11v10h-11zM6.200 3v10M9.800 3v10"/>',
    "calendar": '<path d="M2.500 3.500h11v10h-11zM2.500 6.500h11M5.500 2v3M10.500 2v3M5.500 9.700l1.700 1.700 3.300-3.400"/>',
    "done": '<circle cx="8" cy="8" r="6"/><path d="M5.400 8.200l1.900 1.900 3.400-3.800"/>',
    "broken": '<circle cx="8" cy="8" r="6"/><path d="M5.800 5.800l4.400 4.400M10.200 5.800l-4.400 4.400"/>',
}

_LIGHTS: dict[str, str] = {
    "green": '<circle class="l-green" cx="8" cy="8" r="6.5"/>',
    "blue": '<rect class="l-blue" x="2" y="2" width="12" height="12" rx="1"/>',
    "yellow": '<path class="l-yellow" d="M8 1.600L15 14H1z"/>',
    "orange": '<path class="l-orange" d="M8 .9L15.1 8 8 15.1.9 8z"/>',
    "red": (
        '<path class="l-red" d="M5.200 1.200h5.600l4 4v5.600l-4 4H5.200l-4-4V5.200z"/>'
        '<path class="l-bang" d="M8 4.200v4.600M8 11.400v.2"/>'
    ),
    "off": '<path class="l-off" d="M3.5 2h3v12h-3zM9.5 2h3v12h-3z"/>',
}

_MARK = (
    '<symbol id="mark" viewBox="0 0 22 22"><circle cx="11" cy="11" r="8" stroke-width="4.5" '
    'stroke-dasharray="5.2 1.083" transform="rotate(-107 11 11)"/></symbol>'
)

_DASH, _SPACE = 5.05, 0.84


def icon_names() -> list[str]:
    return sorted(_ICONS)


def _small_ring(stage: int) -> str:
    """The ring at 20 px: the whole track, what is passed, and the thicker present segment."""
    circle = (
        '<circle class="{}" cx="10" cy="10" r="7.5" stroke-dasharray="{}" transform="rotate(-108 10 10)"/>'
    )
    passed = f"{_DASH} {_SPACE} " * (stage - 1)
    before = (stage - 1) * (_DASH + _SPACE)
    now = f"{_DASH} {_SPACE} 0 60" if stage == 1 else f"0 {before:.2f} {_DASH} {_SPACE} 0 60"
    parts = [circle.format("g-t", f"{_DASH} {_SPACE}")]
    if stage > 1:
        parts.append(circle.format("g-p", f"{passed}0 60"))
    parts.append(circle.format("g-c", now))
    return f'<symbol id="g{stage}" viewBox="0 0 20 20">{"".join(parts)}</symbol>'


@cache
def sprite() -> SafeString:
    """All symbols; written once at the top of a page, so that a row of a table costs one `<use>`."""
    symbols = [_MARK]
    symbols += [
        f'<symbol id="i-{name}" viewBox="0 0 16 16">{drawn}</symbol>' for name, drawn in _ICONS.items()
    ]
    symbols += [
        f'<symbol id="l-{name}" viewBox="0 0 16 16">{drawn}</symbol>' for name, drawn in _LIGHTS.items()
    ]
    symbols += [_small_ring(stage) for stage in range(1, 9)]
    symbols.append(
        '<symbol id="g-full" viewBox="0 0 20 20"><circle class="g-full" cx="10" cy="10" r="7.5"/></symbol>'
    )
    inside = "".join(symbols)
    # Only strings of this module go in: there is nothing here to escape.
    return mark_safe(f'<svg class="sprite" aria-hidden="true" focusable="false">{inside}</svg>')  # noqa: S308


def icon(name: str) -> SafeString:
    """An icon beside words; it says nothing itself, so it is hidden from screen readers."""
    if name not in _ICONS:
        msg = f"No icon {name!r}; there are {', '.join(icon_names())}"
        raise KeyError(msg)
    return format_html('<svg class="ico" aria-hidden="true"><use href="#i-{}"/></svg>', name)


def light_shape(colour: str) -> SafeString:
    if colour not in _LIGHTS:
        msg = f"No light {colour!r}; there are {', '.join(_LIGHTS)}"
        raise KeyError(msg)
    return format_html('<svg aria-hidden="true"><use href="#l-{}"/></svg>', colour)
