"""How an organisation comes into being; used by the acts that need one, inside their transactions."""

from datetime import datetime

from kansatsu.accounts import rules
from kansatsu.accounts.models import Organisation
from kansatsu.accounts.workflow import Kind
from kansatsu.core.events import Acting, append
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete
from kansatsu.core.text import clean, folded


def new_organisation(
    kind: Kind, name: str, *, actor: Acting, now: datetime, name_en: str = "", corporate_number: str = ""
) -> Organisation:
    """Enter an organisation and append its first event.

    :raises Incomplete: a particular is wrong, or an organisation of that name (or one that looks the same) exists.
    """
    problems = rules.organisation_problems(name, name_en, corporate_number)
    if not problems and Organisation.objects.filter(folded_name=folded(name)).exists():
        problems.append(Problem("accounts.name_taken", where="name"))
    if problems:
        raise Incomplete(problems)
    organisation = Organisation.objects.create(
        kind=kind,
        name=clean(name),
        name_en=clean(name_en),
        folded_name=folded(name),
        corporate_number=rules.normalised_number(corporate_number),
        founded_at=now,
    )
    append(organisation, "accounts.found", actor=actor, now=now, details={"kind": kind.value})
    return organisation
