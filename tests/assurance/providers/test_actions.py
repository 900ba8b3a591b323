"""Entering a cloud service and changing its particulars."""

from datetime import date

import pytest
from tests.assurance.doing import acts_of

from kansatsu.assurance.providers import actions
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.providers.workflow import Model
from kansatsu.core.calendar import tokyo_moment
from kansatsu.core.events import history
from kansatsu.core.models import Event
from kansatsu.core.refusals import Incomplete

NOW = tokyo_moment(date(2025, 2, 3), 9)


def describe(people, name="そらのうえ", *, by="provider", model=Model.SAAS, **more):
    return actions.describe(name=name, model=model, actor=people[by], now=NOW, **more)


def codes(refused):
    return [(problem.code, problem.where) for problem in refused.value.problems]


def test_a_new_service_belongs_to_the_actors_provider(people):
    service = describe(people, "  そらのうえ ", name_en="Above the sky", overview="一行目\r\n二行目 ")
    assert (service.name, service.name_en, service.model, service.overview, service.described_at) == (
        "そらのうえ", "Above the sky", "saas", "一行目\n二行目", NOW,
    )  # fmt: skip
    assert service.provider_id == people["provider"].organisation_id
    assert str(service) == "そらのうえ"


def test_the_event_names_the_delivery_model(people):
    event = history(describe(people)).get()
    assert (event.act, event.details) == ("providers.describe", {"model": "saas"})
    assert event.actor == "言明 かおり (（見本）あおぞらクラウド株式会社)"


def test_a_service_can_be_changed_and_keeps_its_identity(people):
    service = describe(people)
    changed = describe(people, "そらのした", service=service, model=Model.IAAS, overview="改めた。")
    assert changed.pk == service.pk
    service.refresh_from_db()
    assert (service.name, service.folded_name, service.model, service.overview) == (
        "そらのした", "そらのした", "iaas", "改めた。",
    )  # fmt: skip
    assert acts_of(service) == ["providers.describe", "providers.describe"]


def test_a_service_may_keep_its_own_name_when_changed(people):
    service = describe(people)
    assert describe(people, service=service, model=Model.PAAS).model == "paas"


@pytest.mark.parametrize("same", ["Cloud Box", "cloud box", "ＣＬＯＵＤ　ＢＯＸ", " Cloud   Box "])
def test_a_provider_cannot_have_two_services_whose_names_look_the_same(people, same):
    describe(people, "Cloud Box")
    events = Event.objects.count()
    with pytest.raises(Incomplete) as refused:
        describe(people, same)
    assert codes(refused) == [("providers.name_taken", "name")]
    assert (Service.objects.count(), Event.objects.count()) == (1, events)


def test_a_service_cannot_take_the_name_of_another_of_the_same_provider(people):
    describe(people, "Cloud Box")
    second = describe(people, "Cloud Bag")
    with pytest.raises(Incomplete) as refused:
        describe(people, "Cloud Box", service=second)
    assert codes(refused) == [("providers.name_taken", "name")]


def test_two_providers_may_have_services_of_the_same_name(people):
    describe(people, "Cloud Box")
    assert describe(people, "Cloud Box", by="minato").provider_id == people["minato"].organisation_id


@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        ("", {}, [("core.empty", "name")]),
        ("  ", {}, [("core.empty", "name")]),
        ("雲" * 201, {}, [("core.too_long", "name")]),
        ("㈱" * 67, {}, [("core.too_long", "name")]),
        ("そら\nのうえ", {}, [("core.bad_character", "name")]),
        ("Sоra", {}, [("core.look_alike", "name")]),
        ("そら", {"name_en": "x" * 201}, [("core.too_long", "name_en")]),
        ("そら", {"overview": "長" * 4001}, [("core.too_long", "overview")]),
        ("", {"overview": "\x00"}, [("core.empty", "name"), ("core.bad_character", "overview")]),
    ],
)
def test_particulars_of_a_wrong_shape_are_refused(people, name, more, expected):
    with pytest.raises(Incomplete) as refused:
        describe(people, name, **more)
    assert codes(refused) == expected
    assert not Service.objects.exists()


@pytest.mark.parametrize("name", ["雲" * 200, "㈱" * 66])
def test_a_name_of_up_to_200_characters_is_fine_also_when_it_is_folded(people, name):
    assert describe(people, name).name == name
