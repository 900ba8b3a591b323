"""The public list as JSON, open to all."""

from datetime import date
from typing import Annotated, Literal

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema

from kansatsu.accounts.actors import ActorRequest
from kansatsu.assurance.register import queries
from kansatsu.assurance.register.models import Remark
from kansatsu.assurance.register.queries import ListedEntry
from kansatsu.core.calendar import tokyo_date

router = Router(tags=["register"])


class RemarkOut(Schema):
    """A dated remark."""

    on: date
    text: str
    text_en: str


class EntryOut(Schema):
    """One entry of the public list."""

    number: str
    service: str
    service_en: str
    provider: str
    provider_en: str
    model: str
    regions: list[str]
    audit_period: dict[Literal["from", "to"], date]
    entered_on: date
    valid_until: date
    state: str
    is_valid: bool
    is_adopted: bool
    is_sample: bool
    remarks: list[RemarkOut]


class ListOut(Schema):
    """A page of the public list. :param total: entries that match, on all pages."""

    on: date
    total: int
    offset: int
    entries: list[EntryOut]


@router.get("/", response=ListOut, auth=None, summary="The public list")
def public_list(
    request: ActorRequest,
    q: Annotated[str, Field(max_length=100)] = "",
    model: Literal["", "iaas", "paas", "saas"] = "",
    valid: bool = False,
    offset: Annotated[int, Field(ge=0, le=10**6)] = 0,
    limit: Annotated[int, Field(ge=1, le=1000)] = 100,
) -> ListOut:
    """Entries in the order of registration that match every word of `q` in name, provider, region or number."""
    today = tokyo_date(timezone.now())
    rows = queries.public_list(today, search=q, model=model, only_valid=valid)
    page = rows[offset : offset + limit]
    remarks = queries.remarks_of(page)
    entries = [entry_out(row, remarks.get(row.entry.pk, [])) for row in page]
    return ListOut(on=today, total=len(rows), offset=offset, entries=entries)


@router.get("/{number}", response=EntryOut, auth=None, summary="One entry")
def entry(request: ActorRequest, number: str) -> EntryOut:
    """One entry with its remarks."""
    found = get_object_or_404(queries.entries(), number=number)
    return entry_out(queries.listed(found, tokyo_date(timezone.now())), list(found.remarks.all()))


def entry_out(row: ListedEntry, remarks: list[Remark]) -> EntryOut:
    """An entry in its public form."""
    entry, standing = row.entry, row.entry.standing
    return EntryOut(
        number=entry.number,
        service=entry.service_name,
        service_en=entry.service_name_en,
        provider=entry.provider_name,
        provider_en=entry.provider_name_en,
        model=entry.model,
        regions=entry.regions.splitlines(),
        audit_period={"from": standing.audit_from, "to": standing.audit_to},
        entered_on=entry.entered_on,
        valid_until=standing.valid_until,
        state=row.state,
        is_valid=row.is_valid,
        is_adopted=entry.is_adopted,
        is_sample=entry.is_sample,
        remarks=[RemarkOut(on=one.on, text=one.text, text_en=one.text_en) for one in remarks],
    )
