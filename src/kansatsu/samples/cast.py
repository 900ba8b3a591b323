"""The people of the sample world: one organisation of each kind or several, and who works there."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from kansatsu.accounts.actors import SYSTEM, Actor, actor_of
from kansatsu.accounts.founding import new_organisation
from kansatsu.accounts.models import Membership, Organisation, Person
from kansatsu.accounts.rules import check_digit
from kansatsu.accounts.workflow import Kind, Role
from kansatsu.core.acts import act
from kansatsu.core.events import append

PASSWORD = "mikan-to-yama-no-asa"  # noqa: S105  (of made-up people, printed by the demo)


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """One person of the cast. :param key: how the rest of the samples and the tests call them."""

    key: str
    name: str
    role: Role = Role.MEMBER


@dataclass(frozen=True, slots=True)
class SampleOrganisation:
    """One organisation of the cast with its people."""

    key: str
    kind: Kind
    name: str
    name_en: str
    people: tuple[SamplePerson, ...]


_ADMIN = Role.ADMINISTRATOR
ORGANISATIONS = (
    SampleOrganisation("office", Kind.OFFICE, "（見本）制度事務局", "(sample) Programme Office",
                       (SamplePerson("office", "事務 はじめ", _ADMIN), SamplePerson("clerk", "記載 とおる"))),
    SampleOrganisation("support", Kind.SUPPORT_BODY, "（見本）運用支援機関", "(sample) Operations Support Body",
                       (SamplePerson("reviewer", "審査 みお", _ADMIN), SamplePerson("reviewer2", "点検 さとる"))),
    SampleOrganisation("committee", Kind.COMMITTEE, "（見本）運営委員会", "(sample) Steering Committee",
                       (SamplePerson("decider", "決定 まこと", _ADMIN), SamplePerson("decider2", "委員 ゆき"))),
    SampleOrganisation("aozora", Kind.PROVIDER, "（見本）あおぞらクラウド株式会社", "(sample) Aozora Cloud Inc.",
                       (SamplePerson("provider", "言明 かおり", _ADMIN), SamplePerson("provider2", "統制 けん"))),
    SampleOrganisation("minato", Kind.PROVIDER, "（見本）みなとシステムズ株式会社", "(sample) Minato Systems Inc.",
                       (SamplePerson("minato", "港 りく", _ADMIN),)),
    SampleOrganisation("yamabiko", Kind.PROVIDER, "（見本）やまびこソフト株式会社", "(sample) Yamabiko Software Inc.",
                       (SamplePerson("yamabiko", "山 ひびき", _ADMIN),)),
    SampleOrganisation("hoshizora", Kind.PROVIDER, "（見本）ほしぞら通信株式会社", "(sample) Hoshizora Networks Inc.",
                       (SamplePerson("hoshizora", "星 あかり", _ADMIN),)),
    SampleOrganisation("kawasemi", Kind.PROVIDER, "（見本）かわせみデータ株式会社", "(sample) Kawasemi Data Inc.",
                       (SamplePerson("kawasemi", "川 せみ", _ADMIN),)),
    SampleOrganisation("kensa", Kind.AUDIT_BODY, "（見本）けんさ監査法人", "(sample) Kensa Audit",
                       (SamplePerson("auditor", "監査 しょう", _ADMIN), SamplePerson("auditor2", "検証 あや"))),
    SampleOrganisation("tashika", Kind.AUDIT_BODY, "（見本）たしか監査法人", "(sample) Tashika Audit",
                       (SamplePerson("tashika", "確 みどり", _ADMIN),)),
    SampleOrganisation("mori", Kind.AGENCY, "（見本）もり省", "(sample) Ministry of Forests",
                       (SamplePerson("buyer", "調達 なおき", _ADMIN),)),
    SampleOrganisation("umi", Kind.AGENCY, "（見本）うみ庁", "(sample) Agency of the Sea",
                       (SamplePerson("umi", "海野 そら", _ADMIN),)),
)  # fmt: skip


def address(key: str) -> str:
    """The address of a person of the cast."""
    return f"{key}@sample.example"


@act
def enter_cast(*, now: datetime, organisations: tuple[SampleOrganisation, ...] = ORGANISATIONS) -> dict[str, Actor]:
    """Enter the cast into an empty installation.

    :return: each person by key, as an actor for their organisation.
    """
    password = make_password(PASSWORD)
    actors: dict[str, Actor] = {}
    for index, sample in enumerate(organisations):
        base = f"{700110000000 + index:012d}"
        organisation = new_organisation(
            sample.kind,
            sample.name,
            actor=SYSTEM,
            now=now,
            name_en=sample.name_en,
            corporate_number=f"{check_digit(base)}{base}",
        )
        Organisation.objects.filter(pk=organisation.pk).update(is_sample=True)
        for one in sample.people:
            person = Person.objects.create(
                name=one.name, email=address(one.key), password=password, joined_at=now, language="ja"
            )
            EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
            membership = Membership.objects.create(person=person, organisation=organisation, role=one.role, since=now)
            append(organisation, "accounts.join", actor=SYSTEM, now=now, details={"person": one.name})
            actors[one.key] = actor_of(membership)
    return actors
