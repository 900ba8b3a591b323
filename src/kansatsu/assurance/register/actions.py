"""The acts on the register."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.founding import new_organisation
from kansatsu.accounts.models import Organisation
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.providers.models import Service, Standing
from kansatsu.assurance.providers.workflow import Act as ServiceAct
from kansatsu.assurance.register import letters, queries, rules
from kansatsu.assurance.register.models import Entry, Remark
from kansatsu.assurance.register.policy import POLICY
from kansatsu.assurance.register.rules import AdoptedRow
from kansatsu.assurance.register.workflow import ENTRY, Act
from kansatsu.assurance.reviews.models import Application
from kansatsu.assurance.reviews.workflow import Status as ApplicationStatus
from kansatsu.assurance.statements.queries import implemented_objectives
from kansatsu.core.acts import act
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.dated import rulebook
from kansatsu.core.events import append
from kansatsu.core.moves import begin, move
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete, WrongState
from kansatsu.core.text import clean, field_problems, folded


@act
def enter(*, application: Application, actor: Actor, now: datetime) -> Entry:
    """Enter an approved application on the register: number, validity, and the facts the public list shows.

    :raises NotAllowed: the actor is not of the programme office.
    :raises WrongState: the application is not approved, is a renewal, or is entered already.
    """
    POLICY.require(actor, Act.ENTER, application)
    _require_open(application, is_renewal=False)
    today = tokyo_date(now)
    serial = queries.next_serial(today.year)
    branch = rulebook("assurance/register").on("number", today)["first_branch"]
    number = rules.registration_number(today, serial, branch)
    service = application.service
    entry = Entry(
        number=number,
        year=today.year,
        serial=serial,
        service=service,
        standing=_new_standing(application, number, today),
        entered_on=today,
        is_sample=service.is_sample,
        **_public_facts(application, number),
    )
    entry = begin(entry, ENTRY, Act.ENTER, actor=actor, now=now, number=number, application=application.pk)
    letters.to_provider("entered", entry, now=now)
    return entry


@act
def renew(*, entry: Entry, application: Application, actor: Actor, now: datetime) -> Entry:
    """Enter an approved renewal: a new period under the same number, and a dated remark.

    :raises NotAllowed: the actor is not of the programme office.
    :raises WrongState: the application is not an approved renewal of this very entry, or the entry is removed.
    """
    POLICY.require(actor, Act.RENEW, entry)
    _require_open(application, is_renewal=True)
    if entry != queries.entry_to_renew(application):
        raise WrongState(Problem("register.other_entry"))
    today = tokyo_date(now)
    standing = _new_standing(application, entry.number, today)
    entry = move(
        entry,
        ENTRY,
        Act.RENEW,
        actor=actor,
        now=now,
        details={"application": application.pk, "valid_until": standing.valid_until.isoformat()},
        standing=standing,
        reminded_days=None,
        **_public_facts(application, entry.number),
    )
    _remark(
        entry,
        today,
        f"登録を更新（有効期限 {standing.valid_until.isoformat()}）",
        f"Registration renewed (valid until {standing.valid_until.isoformat()})",
        actor,
        now,
    )
    letters.to_provider("renewed", entry, now=now)
    return entry


@act
def adopt(*, rows: Sequence[AdoptedRow], actor: Actor, now: datetime) -> list[Entry]:
    """Take over registrations that exist already, from public facts; all rows or none. They are marked as adopted.

    :raises NotAllowed: the actor is not of the programme office.
    :raises Incomplete: a number or a service is on the register already.
    """
    POLICY.require(actor, Act.ADOPT, None)
    problems = _adoption_problems(rows)
    if problems:
        raise Incomplete(problems)
    return [_adopt(row, actor, now) for row in rows]


@act
def remark(*, entry: Entry, on: date, text: str, actor: Actor, now: datetime, text_en: str = "") -> Remark:
    """Add a dated remark, which the public list shows.

    :raises NotAllowed: the actor is not of the programme office.
    :raises Incomplete: the text is missing or has the wrong shape, or the day is still to come.
    """
    POLICY.require(actor, Act.REMARK, entry)
    problems = field_problems({"text": text, "text_en": text_en}, rules.REMARK)
    if on > tokyo_date(now):
        problems.append(Problem("register.remark_in_future", where="on"))
    if problems:
        raise Incomplete(problems)
    entry = move(entry, ENTRY, Act.REMARK, actor=actor, now=now, details={"on": on.isoformat(), "text": clean(text)})
    return _remark(entry, on, clean(text), clean(text_en), actor, now)


@act
def remind(*, entry: Entry, notice: int, actor: Actor, now: datetime) -> Entry:
    """Remind the provider that the renewal is due; who was reminded meanwhile is not reminded again.

    :param notice: the notice in days that is due, by `queries.due_reminders`.
    :raises NotAllowed: only the system's sweep reminds.
    :raises WrongState: the entry is removed.
    """
    POLICY.require(actor, Act.REMIND, entry)
    entry.refresh_from_db(fields=["reminded_days"])
    if entry.reminded_days is not None and entry.reminded_days <= notice:
        return entry
    entry = move(
        entry,
        ENTRY,
        Act.REMIND,
        actor=actor,
        now=now,
        details={"notice_days": notice, "valid_until": entry.standing.valid_until.isoformat()},
        reminded_days=notice,
    )
    letters.to_provider("renewal_due", entry, now=now)
    return entry


@act
def remove(*, entry: Entry, reason: str, actor: Actor, now: datetime) -> Entry:
    """Remove an entry from today on; it stays readable, with a remark that says why.

    :raises NotAllowed: the actor is not of the programme office.
    :raises Incomplete: the reason is missing or has the wrong shape.
    :raises WrongState: it is removed already.
    :raises Conflict: somebody else changed it first.
    """
    POLICY.require(actor, Act.REMOVE, entry)
    if problems := field_problems({"reason": reason}, rules.REASON):
        raise Incomplete(problems)
    today = tokyo_date(now)
    entry = move(entry, ENTRY, Act.REMOVE, actor=actor, now=now, details={"reason": clean(reason)})
    Standing.objects.filter(pk=entry.standing_id).update(ended_on=today)
    _remark(entry, today, f"登録を抹消：{clean(reason)}", "", actor, now)
    letters.to_provider("removed", entry, now=now, text=clean(reason))
    return entry


def _require_open(application: Application, *, is_renewal: bool) -> None:
    if application.status != ApplicationStatus.APPROVED or application.is_renewal != is_renewal:
        raise WrongState(Problem("register.not_approved"))
    period_to = application.engagement.period_to
    if Standing.objects.filter(service=application.service_id, audit_to__gte=period_to).exists():
        raise WrongState(Problem("register.entered_already"))


def _new_standing(application: Application, number: str, today: date) -> Standing:
    first, last = application.engagement.period_from, application.engagement.period_to
    assert first is not None and last is not None
    return Standing.objects.create(
        service=application.service,
        number=number,
        audit_from=first,
        audit_to=last,
        entered_on=today,
        valid_until=rules.valid_until(last, rulebook("assurance/register").on("validity", today)["months"]),
    )


def _public_facts(application: Application, number: str) -> dict[str, Any]:
    statement, service = application.statement, application.service
    facts = {
        "service_name": statement.service_name,
        "service_name_en": service.name_en,
        "provider_name": service.provider.name,
        "provider_name_en": service.provider.name_en,
        "model": service.model,
        "regions": statement.regions,
        "scope": statement.scope,
        "subsequent_events": statement.subsequent_events,
    }
    return {
        **facts,
        "application": application,
        "objectives": implemented_objectives(statement),
        "search_text": _search_text(facts, number),
    }


def _search_text(facts: dict[str, str], number: str) -> str:
    searched = ("service_name", "service_name_en", "provider_name", "provider_name_en", "regions")
    return folded(" ".join([number, *(facts[name] for name in searched)]))


def _remark(entry: Entry, on: date, text: str, text_en: str, actor: Actor, now: datetime) -> Remark:
    return Remark.objects.create(entry=entry, on=on, text=text, text_en=text_en, made_by=actor.label, made_at=now)


def _adoption_problems(rows: Sequence[AdoptedRow]) -> list[Problem]:
    present = set(Entry.objects.filter(number__in=[row.number for row in rows]).values_list("number", flat=True))
    problems = [
        Problem("register.number_taken", where="number", params={"number": row.number})
        for row in rows
        if row.number in present
    ]
    seen: set[tuple[str, str]] = set()
    for row in rows:
        service = (folded(row.provider), folded(row.service))
        if service in seen:
            problems.append(Problem("register.service_twice", where="service", params={"service": row.service}))
        seen.add(service)
        services = Service.objects.filter(
            provider__folded_name=folded(row.provider), folded_name=folded(row.service), entries__isnull=False
        )
        if services.exists():
            problems.append(Problem("register.service_registered", where="service", params={"service": row.service}))
    return problems


def _adopt(row: AdoptedRow, actor: Actor, now: datetime) -> Entry:
    provider = Organisation.objects.filter(folded_name=folded(row.provider), kind=Kind.PROVIDER).first()
    provider = provider or new_organisation(Kind.PROVIDER, row.provider, actor=actor, now=now, name_en=row.provider_en)
    service, is_new = Service.objects.get_or_create(
        provider=provider,
        folded_name=folded(row.service),
        defaults={"name": row.service, "name_en": row.service_en, "model": row.model, "described_at": now},
    )
    if is_new:
        append(service, f"providers.{ServiceAct.DESCRIBE}", actor=actor, now=now, details={"adopted": True})
    months = rulebook("assurance/register").on("validity", row.entered_on)["months"]
    standing = Standing.objects.create(
        service=service,
        number=row.number,
        audit_from=row.audit_from,
        audit_to=row.audit_to,
        entered_on=row.entered_on,
        valid_until=row.valid_until or rules.valid_until(row.audit_to, months),
    )
    facts = {
        "service_name": row.service,
        "service_name_en": row.service_en,
        "provider_name": row.provider,
        "provider_name_en": row.provider_en,
        "regions": row.regions,
    }
    year, serial, _branch = rules.number_parts(row.number) or (row.entered_on.year, 0, 0)
    entry = Entry(
        number=row.number,
        year=year,
        serial=serial,
        service=service,
        standing=standing,
        is_adopted=True,
        model=row.model,
        scope=row.scope,
        entered_on=row.entered_on,
        search_text=_search_text(facts, row.number),
        **facts,
    )
    return begin(entry, ENTRY, Act.ADOPT, actor=actor, now=now, number=row.number)
