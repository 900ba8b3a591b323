"""Template words: statuses and acts in the reader's language, days, a title in either language, and the way."""

import json
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kansatsu.accounts.actors import Actor
from kansatsu.assurance.cycle import Station, way
from kansatsu.assurance.providers.models import Service
from kansatsu.core import words
from kansatsu.core.calendar import tokyo_date, wareki
from kansatsu.pages.posted import language

register = template.Library()


@register.filter
def word(value: str, group: str = "") -> str:
    """The word for a fixed value: ``{{ status|word:"reviews.status" }}``; without a group, the value is the key."""
    return words.word(f"{group}.{value}" if group else value, language())


@register.filter
def act_word(act: str) -> str:
    """The word for an event's act, ``reviews.submit``."""
    folder, _, name = act.partition(".")
    return words.word(f"{folder}.act.{name}", language())


@register.filter
def event_status(event: Any) -> str:
    """The word for the status after an event, where it changed."""
    if not event.after or event.after == event.before:
        return ""
    return words.word(f"{event.act.partition('.')[0]}.status.{event.after}", language())


@register.filter
def said(thing: Any, name: str) -> str:
    """The field in the reader's language: ``{{ control|said:"title" }}``; the other language where it is empty."""
    order = ("ja", "en") if language() == "ja" else ("en", "ja")
    return next((text for tongue in order if (text := getattr(thing, f"{name}_{tongue}"))), "")


@register.filter
def named(thing: Any, field: str = "name") -> str:
    """A name in the reader's language, with the Japanese one where there is no English."""
    english = getattr(thing, f"{field}_en", "")
    return english if language() == "en" and english else getattr(thing, field)


@register.filter
def day(value: date | datetime | None) -> SafeString:
    """A Tokyo day as a ``<time>``: ISO, with the Japanese era as its title."""
    if value is None:
        return SafeString("–")
    on = tokyo_date(value) if isinstance(value, datetime) else value
    iso = on.isoformat()
    return format_html('<time datetime="{}" title="{}">{}</time>', iso, wareki(on), iso)


@register.filter
def days_left(until: date, today: date) -> int:
    """Days from today to that day; negative once it is past."""
    return (until - today).days


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """An entry of a dictionary, or nothing."""
    return mapping.get(key)


@register.filter
def among(value: Any, group: Any) -> bool:
    """Is the value one of the group?"""
    return value in group


@register.filter
def text_of(value: Any) -> str:
    """An id as text, for look-ups."""
    return str(value)


@register.filter
def as_json(value: Any) -> str:
    """Plain JSON for an attribute."""
    return json.dumps(value, ensure_ascii=False)


@register.simple_tag
def stations(service: Service, actor: Actor) -> list[Station]:
    """The way of a service through the cycle, as this actor may see it."""
    return way(service, actor)


@register.simple_tag
def bar(parts: Any, total: int) -> SafeString:
    """A bar of shares as an SVG, decoration beside the numbers. :param parts: pairs of class name and count."""
    shares, at = [], 0.0
    for name, count in parts:
        width = 100 * count / total if total else 0
        shares.append((f"{at:.2f}", f"{width:.2f}", name))
        at += width
    rects = format_html_join("", '<rect x="{}" y="0" width="{}" height="10" class="share-{}"/>', shares)
    return format_html(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        rects,
    )


@register.filter
def remark_text(remark: Any) -> str:
    """A remark in the reader's language; in Japanese where there is no English."""
    return str(remark.text_en if language() == "en" and remark.text_en else remark.text)
