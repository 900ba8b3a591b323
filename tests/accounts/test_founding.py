"""How an organisation comes into being, and why it may not."""

import pytest

from kansatsu.accounts.actors import SYSTEM
from kansatsu.accounts.founding import new_organisation
from kansatsu.accounts.models import Organisation
from kansatsu.accounts.workflow import Kind
from kansatsu.core.events import history
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete


def found(name, noon, **more):
    return new_organisation(Kind.AGENCY, name, actor=SYSTEM, now=noon, **more)


def test_an_organisation_is_kept_cleaned_with_its_number_in_plain_digits(db, noon):
    made = found("  みずうみ省\n", noon, name_en=" Ministry of Lakes ", corporate_number="８７００１１０００５９０１")
    stored = Organisation.objects.get(pk=made.pk)
    assert (stored.kind, stored.name, stored.name_en) == ("agency", "みずうみ省", "Ministry of Lakes")
    assert (stored.corporate_number, stored.founded_at, stored.is_sample) == ("8700110005901", noon, False)


def test_english_name_and_number_may_be_left_out(db, noon):
    made = found("みずうみ省", noon)
    assert (made.name_en, made.corporate_number) == ("", "")


def test_its_history_begins_with_its_founding(db, noon):
    event = history(found("みずうみ省", noon)).get()
    assert (event.act, event.actor, event.at, event.details) == ("accounts.found", "system", noon, {"kind": "agency"})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("みずうみ省", "みずうみ省"),
        ("㈱みずうみ", "(株)みずうみ"),
        ("Aozora Cloud", "ＡＯＺＯＲＡ　　ｃｌｏｕｄ"),
        ("ミズウミ", "ﾐｽﾞｳﾐ"),
    ],
)
def test_a_name_that_looks_like_another_is_taken(db, noon, first, second):
    found(first, noon)
    with pytest.raises(Incomplete) as caught:
        found(second, noon)
    assert caught.value.problems == (Problem("accounts.name_taken", where="name"),)
    assert Organisation.objects.count() == 1


def test_a_name_that_differs_is_free(db, noon):
    found("みずうみ省", noon)
    found("みずうみ庁", noon)
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize(
    ("particulars", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "みずうみ", "corporate_number": "123"}, ["corporate_number"]),
        ({"name": "長" * 201, "name_en": "a\x00b"}, ["name", "name_en"]),
    ],
)
def test_wrong_particulars_are_refused_and_nothing_is_entered(db, noon, particulars, wrong):
    with pytest.raises(Incomplete) as caught:
        found(particulars.pop("name"), noon, **particulars)
    assert [problem.where for problem in caught.value.problems] == wrong
    assert not Organisation.objects.exists()


def test_a_name_as_long_as_allowed_is_kept_whole(db, noon):
    assert Organisation.objects.get(pk=found("長" * 200, noon).pk).name == "長" * 200


def test_a_name_that_grows_too_long_when_folded_is_refused(db, noon):
    assert found("㍿" * 50, noon).name == "㍿" * 50
    with pytest.raises(Incomplete) as caught:
        found("㍿" * 51, noon)
    assert [(problem.code, problem.where) for problem in caught.value.problems] == [("core.too_long", "name")]
