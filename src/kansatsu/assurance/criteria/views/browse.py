"""Reading the criteria: the shelf of editions, one edition, one control, searching, comparing, taking out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from kansatsu.accounts.actors import ActorRequest
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.criteria import actions, differences, files, guidance, policy, queries, rules
from kansatsu.assurance.criteria.differences import Carry, Change, Difference
from kansatsu.assurance.criteria.editions import readings, source_in
from kansatsu.assurance.criteria.forms import ClassesForm, CommentForm, ConsultForm, PublishForm, classes
from kansatsu.assurance.criteria.models import Control, Edition
from kansatsu.assurance.criteria.pictures import BAR, WIDTH, composition
from kansatsu.assurance.criteria.rules import ControlFacts, Part, Requirement
from kansatsu.assurance.criteria.workflow import EDITION, Act
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.events import history
from kansatsu.core.text import folded, hits
from kansatsu.core.words import word
from kansatsu.exchange.sheets import write_csv
from kansatsu.pages.acts import Door, offered, perform
from kansatsu.pages.gate import only, open_to_all
from kansatsu.pages.posted import language

_A_PAGE = 50
_AROUND = 60

DOORS = {
    Act.CLASSIFY: Door(lambda r, v, a, n: actions.classify(edition=r, classes=classes(v), actor=a, now=n), ClassesForm),
    Act.CONSULT: Door(lambda r, v, a, n: actions.consult(edition=r, actor=a, now=n, **v), ConsultForm),
    Act.END_CONSULTATION: Door(lambda r, v, a, n: actions.end_consultation(edition=r, actor=a, now=n), leads=True),
    Act.PUBLISH: Door(
        lambda r, v, a, n: actions.publish(edition=r, actor=a, now=n, **v), PublishForm, is_final=True, leads=True
    ),
    Act.DISCARD: Door(lambda r, v, a, n: actions.discard(edition=r, actor=a, now=n), is_final=True),
}


@open_to_all
def shelf(request: ActorRequest) -> HttpResponse:
    """All editions that the reader can see, and ways to search and to compare them."""
    found = list(queries.shelf(request.actor))
    context = {
        "editions": found,
        "shown": {one.pk for one in found},
        "replaced": queries.replaced(found),
        "mapping_sets": queries.mapping_sets(request.actor),
        "may_import": request.actor.is_of(Kind.OFFICE),
    }
    return render(request, "criteria/shelf.html", context)


def _edition(request: ActorRequest, edition_id: str) -> Edition:
    return get_object_or_404(policy.editions_visible_to(request.actor), pk=edition_id)


@open_to_all
def edition(request: ActorRequest, edition_id: str) -> HttpResponse:
    """One edition: what it is, how it is put together, its tree."""
    return _page(request, _edition(request, edition_id))


def _page(
    request: ActorRequest, found: Edition, tried: tuple[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    controls = queries.facts(found)
    context = {
        "edition": found,
        **_said_of(found, controls),
        "tree": _tree(controls, queries.clauses_of(found)),
        "predecessor": policy.editions_visible_to(request.actor).filter(pk=found.predecessor_id).first(),
        "superseded_by": queries.superseded_by(found),
        "successors": policy.editions_visible_to(request.actor).filter(predecessor=found).order_by("published_on"),
        "reading": readings().get(found.reading),
        "comments": queries.tally(found),
        "takes_comments": queries.takes_comments(found, tokyo_date(timezone.now())),
        "acts": offered(DOORS, policy.POLICY, EDITION, actor=request.actor, record=found, tried=tried),
        "act_url": "criteria:act",
        "may_replace": Act.REPLACE in policy.POLICY.open_acts(request.actor, found),
        "events": history(found) if request.actor.is_of(Kind.OFFICE) else None,
        "forms": files.FORMS,
    }
    return render(request, "criteria/edition.html", context, status=status)


def _said_of(found: Edition, controls: Sequence[ControlFacts]) -> dict[str, Any]:
    """The picture and the tables that say how an edition is put together."""
    counts = rules.counts(controls)
    by_class = Counter((one.part.value, one.requirement) for one in controls)
    return {
        "source": source_in(found.pk, found.source, language()),
        "counts": counts,
        "parts": [(part.value, counts[part.value]) for part in Part],
        "picture": composition(controls),
        "picture_width": WIDTH,
        "picture_bar": BAR,
        "requirements": [
            (one, [by_class[part.value, one] for part in Part], sum(by_class[part.value, one] for part in Part))
            for one in Requirement
        ],
    }


@dataclass(frozen=True, slots=True)
class Branch:
    """A chapter or a clause with what stands in it. :param size: how many controls that is in all."""

    number: str
    title: str
    branches: "list[Branch]"
    objectives: list[tuple[ControlFacts, list[ControlFacts]]]
    size: int


def _tree(controls: Sequence[ControlFacts], clauses: Mapping[str, tuple[str, str]]) -> list[tuple[str, list[Branch]]]:
    """Part → chapters → clauses → objectives, each with its detailed controls."""
    parents = rules.parents(one.number for one in controls)
    details: dict[str, list[ControlFacts]] = {}
    for one in controls:
        if one.number in parents:
            details.setdefault(parents[one.number], []).append(one)
    found = []
    for part in Part:
        tops = [one for one in controls if one.part == part and one.number not in parents]
        if tops:
            found.append((part.value, _branches(tops, details, clauses, 1)))
    return found


def _branches(
    tops: Sequence[ControlFacts],
    details: Mapping[str, list[ControlFacts]],
    clauses: Mapping[str, tuple[str, str]],
    depth: int,
) -> list[Branch]:
    tongue = 0 if language() == "ja" else 1
    stems: dict[tuple[int, ...], list[ControlFacts]] = {}
    for one in tops:
        stems.setdefault(rules.digits(one.number)[:depth], []).append(one)
    found = []
    for stem, members in stems.items():
        number = ".".join(map(str, stem))
        deeper = [one for one in members if len(rules.digits(one.number)) > depth + 1]
        here = [(one, details.get(one.number, [])) for one in members if one not in deeper]
        titles = clauses.get(number, ("", ""))
        title = titles[tongue] or titles[1 - tongue]
        branches = _branches(deeper, details, clauses, depth + 1) if deeper else []
        size = sum(branch.size for branch in branches) + sum(1 + len(under) for _, under in here)
        found.append(Branch(number, title, branches, here, size))
    return found


@open_to_all
def in_print(request: ActorRequest, edition_id: str) -> HttpResponse:
    """The whole edition with all texts on one page, for paper."""
    found = _edition(request, edition_id)
    controls = queries.facts(found)
    context = {
        "edition": found,
        **_said_of(found, controls),
        "tree": _tree(controls, queries.clauses_of(found)),
        "reading": readings().get(found.reading),
    }
    return render(request, "criteria/print.html", context)


@open_to_all
def export(request: ActorRequest, edition_id: str, form: str) -> HttpResponse:
    """The edition as a file."""
    found = _edition(request, edition_id)
    if form not in files.FORMS:
        raise Http404
    content = files.edition_file(form, queries.heading(found), queries.facts(found), queries.clauses_of(found))
    return _download(content, f"{found.pk}.{files.FORMS[form].suffix}", files.FORMS[form].content_type)


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@only(Kind.OFFICE)
def act(request: ActorRequest, edition_id: str, act: str) -> HttpResponse:
    """Do one act of the edition."""
    found = _edition(request, edition_id)

    def done(result: Edition) -> str:
        return reverse("criteria:shelf") if act == Act.DISCARD else reverse("criteria:edition", args=[result.pk])

    return perform(
        request, DOORS, EDITION, found, act, page=lambda tried: _page(request, found, tried, status=422), done=done
    )


@open_to_all
def control(request: ActorRequest, edition_id: str, number: str) -> HttpResponse:
    """One control: its text, its class, what corresponds to it, where else it stands, what was said of it."""
    return control_page(request, _edition(request, edition_id), number, CommentForm())


def control_page(
    request: ActorRequest, found: Edition, number: str, form: CommentForm, status: int = 200
) -> HttpResponse:
    """The page of a control, with the form for a comment as it stands."""
    one = get_object_or_404(Control.objects.select_related("edition"), edition=found, number=number)
    layout = queries.layout_of(found)
    siblings = list(found.controls.filter(parent_number=one.number).order_by("sort_key"))
    clauses = queries.clauses_of(found)
    stem = ".".join(map(str, rules.digits(one.parent_number or one.number)[:-1]))
    context = {
        "edition": found,
        "control": one,
        "above": found.controls.filter(number=one.parent_number).first() if one.parent_number else None,
        "below": siblings,
        "clause": (stem, *clauses.get(stem, ("", ""))),
        "others": [other for other in queries.in_editions(one.stable_id, request.actor) if other.pk != one.pk],
        "corresponding": queries.corresponding(one, request.actor),
        "area": guidance.area_of(one.number, layout),
        "frequencies": guidance.frequencies(),
        "frequency_clause": guidance.frequency_clause(),
        "comments": queries.said_of(one, request.actor),
        "takes_comments": queries.takes_comments(found, tokyo_date(timezone.now())),
        "form": form,
        "neighbours": queries.neighbours(one),
    }
    return render(request, "criteria/control.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Hit:
    """A control that a search found, its texts cut into hits and the rest."""

    control: Control
    number: list[tuple[str, bool]]
    title: list[tuple[str, bool]]
    text: list[tuple[str, bool]]


@open_to_all
def search(request: ActorRequest) -> HttpResponse:
    """Controls of one or all editions that hold every word; the hits are marked."""
    text = request.GET.get("q", "").strip()[:100]
    edition_id = request.GET.get("edition", "")[:64]
    found = queries.search(request.actor, text, edition_id=edition_id) if text else ()
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    words = folded(text).split()
    context = {
        "page": page,
        "hits": [_hit(one, words) for one in page.object_list],
        "search": text,
        "edition_id": edition_id,
        "editions": queries.shelf(request.actor),
    }
    template = "criteria/search_rows.html" if request.htmx else "criteria/search.html"  # type: ignore[attr-defined]
    response = render(request, template, context)
    # Both stand under one address: else the browser's way back shows the rows alone.
    patch_vary_headers(response, ["HX-Request"])
    return response


def _hit(one: Control, words: Sequence[str]) -> Hit:
    ja, en = (one.title_ja, one.text_ja), (one.title_en, one.text_en)
    order = (ja, en) if language() == "ja" else (en, ja)
    held = [pair for pair in order if any(word in folded(" ".join(pair)) for word in words)]
    title, text = held[0] if held else order[0]
    title = title or order[0][0] or order[1][0]
    return Hit(one, hits(one.number, words), hits(title, words), _excerpt(hits(text, words)))


def _excerpt(runs: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The runs around the first hits, short enough for a list."""
    if not any(is_hit for _, is_hit in runs):
        return [(f"{runs[0][0][: 2 * _AROUND]}…", False)] if runs and len(runs[0][0]) > 2 * _AROUND else list(runs)
    found = []
    for index, (text, is_hit) in enumerate(runs[:9]):
        if is_hit or len(text) <= 2 * _AROUND:
            found.append((text, is_hit))
        elif index == 0:
            found.append((f"…{text[-_AROUND:]}", False))
        else:
            found.append((f"{text[:_AROUND]}…{text[-_AROUND:] if index < len(runs) - 1 else ''}", False))
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the account as the page shows it.

    :param before, after: the lines in full.
    :param words: field → its text with what is gone and what was added.
    :param values: other fields that changed: field → before, after.
    """

    difference: Difference
    before: list[ControlFacts]
    after: list[ControlFacts]
    words: list[tuple[str, list[tuple[str, str]]]]
    values: list[tuple[str, str, str]]


@open_to_all
def compare(request: ActorRequest) -> HttpResponse:
    """What changed between two editions, line by line, and what it asks of a statement."""
    editions = list(queries.shelf(request.actor))
    older, newer = _pair(request, editions)
    context: dict[str, Any] = {"editions": editions, "older": older, "newer": newer}
    if older and newer and older != newer:
        account = queries.account(older, newer)
        shown = request.GET.get("change", "")
        shown = shown if shown in set(Change) else ""
        text = request.GET.get("q", "").strip()[:100]
        lines = [one for one in account if _is_shown(one, shown)]
        a = {one.number: one for one in queries.facts(older)}
        b = {one.number: one for one in queries.facts(newer)}
        if words := folded(text).split():
            lines = [one for one in lines if _holds(one, a, b, words)]
        page = Paginator(lines, _A_PAGE).get_page(request.GET.get("page"))
        changes, carries = Counter(one.change for one in account), Counter(one.carry for one in account)
        context |= {
            "changes": [(change, changes[change]) for change in Change if changes[change]],
            "carries": [(carry, carries[carry]) for carry in Carry if carries[carry]],
            "total": len(account),
            "shown": shown,
            "search": text,
            "page": page,
            "lines": [_told(one, a, b) for one in page.object_list],
            "sets": queries.sets_to(newer).filter(source__in=policy.editions_visible_to(request.actor)),
        }
    return render(request, "criteria/compare.html", context)


def _pair(request: ActorRequest, editions: Sequence[Edition]) -> tuple[Edition | None, Edition | None]:
    """The editions that the address names."""
    by_id = {one.pk: one for one in editions}
    names = [request.GET.get(name, "") for name in ("older", "newer")]
    if any(name and name not in by_id for name in names):
        raise Http404
    return by_id.get(names[0]), by_id.get(names[1])


def _is_shown(one: Difference, shown: str) -> bool:
    return one.change == shown if shown else one.change != Change.UNCHANGED


def _holds(one: Difference, a: Mapping[str, ControlFacts], b: Mapping[str, ControlFacts], words: Sequence[str]) -> bool:
    lines = [a[number] for number in one.before] + [b[number] for number in one.after]
    text = " ".join(rules.search_text(line) for line in lines)
    return all(word in text for word in words)


def _told(one: Difference, a: Mapping[str, ControlFacts], b: Mapping[str, ControlFacts]) -> Told:
    tongue = language()
    turned = [name for field in ("title", "text") for name in _turned(one, field, tongue)]
    texts = [(name, [(str(mark), run) for mark, run in differences.words(*one.changed[name])]) for name in turned]
    told = ("base",) if one.change == Change.UNCHANGED else ("requirement", "part", "kind", "mark")
    turns = [(name, *one.changed[name]) for name in told if name in one.changed]
    values = [(name, _shown(name, before), _shown(name, after)) for name, before, after in turns]
    return Told(one, [a[number] for number in one.before], [b[number] for number in one.after], texts, values)


def _turned(one: Difference, field: str, tongue: str) -> list[str]:
    """The changed texts of a field: the reader's language's, else whatever changed."""
    names = [name for name in one.changed if name.startswith(field)]
    return [name for name in names if name.endswith(tongue)] or names


def _shown(name: str, value: str) -> str:
    if name in ("requirement", "part", "kind"):
        return word(f"criteria.{name}.{value}", language())
    return str(value) or "–"


@open_to_all
def compare_table(request: ActorRequest) -> HttpResponse:
    """The whole account as CSV."""
    older, newer = _pair(request, list(queries.shelf(request.actor)))
    if older is None or newer is None:
        raise Http404
    tongue = language()
    a = {one.number: one for one in queries.facts(older)}
    b = {one.number: one for one in queries.facts(newer)}
    rows: list[tuple[str, ...]] = [
        ("before", "after", "change", "statement", "title_before", "title_after", "text_before", "text_after")
    ]
    for one in queries.account(older, newer):
        old, new = [a[number] for number in one.before], [b[number] for number in one.after]
        rows.append(
            (
                " ".join(one.before),
                " ".join(one.after),
                word(f"criteria.change.{one.change}", tongue),
                word(f"criteria.carry.{one.carry}", tongue),
                *(" / ".join(line.title_ja for line in side) for side in (old, new)),
                *("\n".join(line.text_ja for line in side) for side in (old, new)),
            )
        )
    return _download(write_csv(rows), f"{older.pk}-to-{newer.pk}.csv", files.FORMS["csv"].content_type)
