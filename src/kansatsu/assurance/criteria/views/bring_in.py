"""The programme office brings an edition in: check a file, read the report, then import it as a draft."""

from collections import Counter
from dataclasses import replace as replaced
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from kansatsu.accounts.actors import ActorRequest
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.criteria import actions, columns, differences, files, policy, queries, rules
from kansatsu.assurance.criteria.editions import readings
from kansatsu.assurance.criteria.forms import FileForm, ImportForm
from kansatsu.assurance.criteria.models import Edition
from kansatsu.assurance.criteria.rules import ControlFacts, EditionHeader, Taken
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.files import open_stored
from kansatsu.core.models import StoredFile
from kansatsu.core.problems import Problem
from kansatsu.core.problems import render as say
from kansatsu.core.refusals import Incomplete
from kansatsu.pages.gate import only
from kansatsu.pages.posted import language, sent

_SALT = "criteria.upload"
_SHOWN = 200


@only(Kind.OFFICE)
def import_(request: ActorRequest) -> HttpResponse:
    """A new edition from a file."""
    shelf = list(queries.shelf(request.actor))
    initial = {"published_on": tokyo_date(timezone.now()), "reading": "2022"}
    form = ImportForm(request.POST or None, request.FILES or None, editions=shelf, initial=initial)
    return _checked(request, form, None)


@only(Kind.OFFICE)
def replace(request: ActorRequest, edition_id: str) -> HttpResponse:
    """New content for a draft."""
    found = get_object_or_404(policy.editions_visible_to(request.actor), pk=edition_id)
    form = FileForm(request.POST or None, request.FILES or None)
    return _checked(request, form, found)


@only(Kind.OFFICE)
def original(request: ActorRequest, edition_id: str) -> FileResponse:
    """The file that an edition came from, byte for byte, as a download."""
    visible = policy.editions_visible_to(request.actor).select_related("original")
    kept = get_object_or_404(visible, pk=edition_id, original__isnull=False).original
    assert kept is not None
    return FileResponse(open_stored(kept), as_attachment=True, filename=kept.name, content_type=kept.content_type)


def _checked(request: ActorRequest, form: FileForm, draft: Edition | None) -> HttpResponse:
    """Show the form; once a file is there, the report on it; once that is clean and confirmed, do the act."""
    context: dict[str, Any] = {"form": form, "draft": draft}
    done: list[Edition] = []

    def run(values: dict[str, Any]) -> bool:
        classes = draft.classes if draft else readings()[values["reading"]].classes
        stored, reported = _stored(values, classes)
        with open_stored(stored) as content:
            taken = _taken(content.read(), values, classes)
        context.update(_report(taken, values, draft), stored=stored)
        # The page names the file that was kept, so that it need not be sent again, and what the report is about.
        form.data = {**request.POST.dict(), "upload": signing.dumps([stored.pk, context["hash"]], salt=_SALT)}
        header = None if draft else _header(values, stored)
        found = [] if header is None else queries.header_problems(header)
        if found:
            raise Incomplete([replaced(one, where="id") if one.where == "edition" else one for one in found])
        # Only what was reported can be confirmed, not another file or another reading of it.
        if values["confirm"] == "1" and context["hash"] and context["hash"] == reported:
            done.append(_do(request, taken, stored, header, draft))
        return True

    if request.method == "POST":
        sent(request, form, run)
    if done:
        return redirect("criteria:edition", done[0].pk)
    is_refused = request.method == "POST" and (form.errors or context.get("problem_count"))
    return render(request, "criteria/import.html", context, status=422 if is_refused else 200)


def _stored(values: dict[str, Any], classes: files.Classes) -> tuple[StoredFile, str | None]:
    """The file that was sent just now, or the one that an earlier check kept and the hash it reported, if any.

    :raises Incomplete: there is neither, or the file cannot be kept.
    """
    if upload := values.get("file"):
        try:
            return actions.keep_original(upload.chunks(), upload.name, now=timezone.now()), None
        except Incomplete as refused:
            # The readers know better what is wrong with it: a password, an old format, an encoding.
            upload.seek(0)
            found = _taken(upload.read(settings.IMPORT_LIMITS["bytes"] + 1), values, classes).problems
            raise Incomplete(found or refused.problems) from refused
    try:
        pk, reported = signing.loads(values["upload"], salt=_SALT, max_age=86_400)
    except signing.BadSignature as error:
        raise Incomplete(Problem("core.empty", where="file")) from error
    return StoredFile.objects.get(pk=pk), reported


def _taken(content: bytes, values: dict[str, Any], classes: files.Classes) -> Taken:
    map_ = columns.layout(values["map"]) if values["map"] else columns.ANY
    return files.take(content, classes, map_=map_, limits=files.read_limits())


def _report(taken: Taken, values: dict[str, Any], draft: Edition | None) -> dict[str, Any]:
    """What the page says of a file: what was found, what is wrong with it, what it changes."""
    before = draft or Edition.objects.filter(pk=values.get("predecessor") or "").first()
    problems = [say(problem, language()) for problem in taken.problems]
    return {
        "is_checked": True,
        "counts": rules.counts(taken.controls),
        "clause_count": len(taken.clauses),
        "skipped": [name for name in taken.skipped if name],
        "problems": problems[:_SHOWN],
        "problem_count": len(problems),
        "more_problems": max(0, len(problems) - _SHOWN),
        "hash": None if problems else rules.content_hash(taken.controls),
        "first_lines": taken.controls[:8],
        "before": before,
        "changes": _changes(before, taken.controls) if before and not problems else [],
    }


def _changes(before: Edition, controls: tuple[ControlFacts, ...]) -> list[tuple[str, int]]:
    found = Counter(one.change for one in differences.difference(queries.facts(before), controls))
    return [(change.value, found[change]) for change in differences.Change if found[change]]


def _header(values: dict[str, Any], stored: StoredFile) -> EditionHeader:
    return EditionHeader(
        id=values["id"],
        title_ja=values["title_ja"],
        title_en=values["title_en"],
        published_on=values["published_on"],
        source=values["source"] or stored.name,
        reading=values["reading"],
        predecessor=values["predecessor"],
        is_incomplete=values["is_incomplete"],
    )


def _do(
    request: ActorRequest, taken: Taken, stored: StoredFile, header: EditionHeader | None, draft: Edition | None
) -> Edition:
    now = timezone.now()
    if header is not None:
        return actions.import_edition(
            header=header,
            controls=taken.controls,
            clauses=taken.clauses,
            original=stored,
            actor=request.actor,
            now=now,
        )
    assert draft is not None
    return actions.replace(
        edition=draft,
        controls=taken.controls,
        clauses=taken.clauses,
        original=stored,
        actor=request.actor,
        now=now,
    )
