"""The wrong thing on purpose: every bad input is answered with a 4xx that names its place, and nothing is written."""

import html
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kansatsu.accounts.models import Organisation, Person
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.register.models import Entry
from kansatsu.assurance.statements.models import Line
from kansatsu.core.events import history
from kansatsu.core.models import Event
from kansatsu.core.problems import texts


def said(code):
    """The English message of a problem, up to its first blank."""
    return texts()[code]["en"].split("{")[0]


@pytest.fixture
def provider(sign_in):
    return sign_in("provider")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "core.empty"),
        ("name", "あ" * 201, "core.too_long"),
        ("name", "quiet\u202ereversed", "core.bad_character"),
        ("name", "bell\x07", "core.bad_character"),
        ("name", "Kansаtsu", "core.look_alike"),
        ("overview", "x" * 4001, "core.too_long"),
        ("model", "mainframe", "core.not_a_choice"),
    ],
)
def test_a_service_with_a_bad_particular_is_refused_at_its_field(provider, field, value, code):
    values = {"name": "よい名前", "name_en": "", "model": "saas", "overview": ""} | {field: value}
    response = provider.post("/services/new/", values)
    page = response.content.decode()
    assert response.status_code == 422
    assert said(code) in page
    assert f'id="id_{field}_error"' in page
    assert not Service.objects.exists()


def test_an_unknown_field_is_refused(provider):
    response = provider.post("/services/new/", {"name": "よい", "model": "saas", "is_sample": "1"})
    assert response.status_code == 422
    assert "is_sample" in response.content.decode()
    assert not Service.objects.exists()


def test_a_file_where_none_belongs_is_refused(provider):
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7\n")
    response = provider.post("/services/new/", {"name": "よい", "model": "saas", "overview": file})
    assert response.status_code == 422
    assert not Service.objects.exists()


def test_a_control_character_in_a_search_is_refused_not_shown(sign_in):
    response = sign_in(None).get("/register/?q=a%00b")
    assert response.status_code == 400
    assert "q" in response.content.decode()


def test_a_page_number_out_of_range_shows_the_last_page(sign_in):
    assert sign_in(None).get("/register/?page=99999").status_code == 200
    assert sign_in(None).get("/register/?page=zwei").status_code == 200


def test_a_stale_page_is_told_what_changed(walk, sign_in, people):
    from kansatsu.assurance.reviews import actions

    walk.to("submitted")
    seen = walk.application.version
    actions.return_(application=walk.application, reasons=["範囲"], actor=people["reviewer"], now=walk.later())
    events = Event.objects.count()
    response = sign_in("provider").post(f"/applications/{walk.application.pk}/act/withdraw/", {"version": seen})
    page = response.content.decode()
    assert response.status_code == 409
    assert "What happened meanwhile" in page and "Return" in page
    assert Event.objects.count() == events


@pytest.mark.parametrize("version", ["", "-1", "zwei", "１２", "9" * 12])
def test_a_version_that_is_no_number_is_refused(walk, sign_in, version):
    walk.to("prepared")
    before = history(walk.application).count()
    response = sign_in("provider").post(f"/applications/{walk.application.pk}/act/submit/", {"version": version})
    assert response.status_code == 422
    assert history(walk.application).count() == before


def test_an_act_that_does_not_exist_is_not_there(walk, sign_in):
    walk.to("prepared")
    response = sign_in("provider").post(f"/applications/{walk.application.pk}/act/explode/", {"version": "1"})
    assert response.status_code == 404


def test_an_act_of_another_role_is_not_allowed(walk, sign_in):
    walk.to("submitted")
    page = f"/applications/{walk.application.pk}/act/accept/"
    response = sign_in("provider").post(page, {"version": str(walk.application.version)})
    assert response.status_code == 403
    assert said("reviews.not_reviewer") in response.content.decode()
    walk.application.refresh_from_db()
    assert walk.application.status == "submitted"


def test_a_missing_reason_is_asked_for_beside_its_field(walk, sign_in):
    walk.to("before_committee")
    page = f"/applications/{walk.application.pk}/act/approve/"
    response = sign_in("decider").post(page, {"version": str(walk.application.version), "approve-reason": " "})
    assert response.status_code == 422
    assert 'id="id_approve-reason_error"' in response.content.decode()


def test_a_report_that_is_no_document_is_refused(walk, sign_in):
    walk.to("fieldwork")
    page = f"/audits/{walk.engagement.pk}/act/issue/"
    values = {
        "version": str(walk.engagement.version),
        "issue-conclusion": "結論",
        "issue-report": SimpleUploadedFile("report.pdf", b"MZ\x90\x00 not a report at all"),
    }
    response = sign_in("auditor").post(page, values)
    assert response.status_code == 422
    assert said("core.file_kind") in response.content.decode()


def test_a_line_changed_by_a_colleague_shows_both_texts(walk, sign_in):
    walk.to("started")
    address = f"/statements/{walk.statement.pk}/lines/5.1.1/"
    values = {"state": "implemented", "text": "先の人の記述", "reason": "", "responsible": "", "inherited_from": ""}
    first = sign_in("provider").post(address, values | {"seen": "1"})
    second = sign_in("provider2").post(address, values | {"seen": "1", "text": "後の人の記述"})
    page = second.content.decode()
    assert first.status_code == 302
    assert second.status_code == 409
    assert "先の人の記述" in page and "後の人の記述" in page
    assert Line.objects.get(statement=walk.statement, control__number="5.1.1").text == "先の人の記述"


def test_a_broken_table_of_registrations_names_line_and_column_and_writes_nothing(sign_in):
    head = "number,service,provider,model,audit_from,audit_to,entered_on"
    table = f"{head}\nC99,見本,事業者,saas,2025-01-01,2025-12-31,2026-03-01\n"
    file = SimpleUploadedFile("list.csv", table.encode("cp932"))
    organisations = Organisation.objects.count()
    response = sign_in("office").post("/register/desk/adopt/", {"file": file})
    assert response.status_code == 422
    assert "2:number" in response.content.decode()
    assert Entry.objects.count() == 0
    assert Organisation.objects.count() == organisations


def test_an_organisation_that_looks_like_another_is_refused(sign_in):
    client = sign_in("office")
    values = {"kind": "agency", "name_en": "", "corporate_number": ""}
    assert client.post("/organisations/", values | {"name": "ＡＢＣ省"}).status_code == 302
    response = client.post("/organisations/", values | {"name": "abc省"})
    assert response.status_code == 422
    assert said("accounts.name_taken") in response.content.decode()


def test_an_invitation_of_another_person_cannot_be_used(sign_in, people):
    from kansatsu.core.models import Letter

    office = sign_in("office")
    organisation = people["office"].organisation_id
    office.post(f"/organisations/{organisation}/", {"email": "new@example.jp", "role": "member", "language": "ja"})
    key = Letter.objects.get(key="accounts.invited").body.split("/invitations/")[1].split("/")[0]
    response = sign_in("buyer").post(f"/invitations/{key}/", {"name": "横取り", "password": "mikan to yama no asa"})
    assert response.status_code == 403
    weak = sign_in(None).post(f"/invitations/{key}/", {"name": "新人", "password": "passwordpassword"})
    assert weak.status_code == 422
    assert 'id="id_password_error"' in weak.content.decode()
    good = sign_in(None).post(f"/invitations/{key}/", {"name": "新人", "password": "mikan to yama no asa"})
    assert good.status_code == 302
    assert Person.objects.filter(email="new@example.jp").count() == 1
    assert sign_in(None).get(f"/invitations/{key}/").status_code == 410


class TestTheInterfaceForPrograms:
    """The same refusals as problem details (RFC 9457)."""

    def test_malformed_json_is_a_4xx(self, walk, sign_in):
        walk.to("started")
        address = f"/api/v1/statements/{walk.statement.pk}/answers"
        response = sign_in("provider").post(address, "{not json", content_type="application/json")
        assert response.status_code == 400
        assert response.headers["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize(
        ("answer", "where"),
        [
            ({"number": "5.1.1", "state": "perhaps"}, "answers.0.state"),
            ({"number": "5" * 30, "state": "implemented"}, "answers.0.number"),
            ({"number": "5.1.1", "state": "implemented", "status": "final"}, "answers.0.status"),
            ({"number": "99.9.9", "state": "implemented"}, "number"),
            ({"number": "5.1.1", "state": "inherited", "inherited_from": 4711}, "inherited_from"),
            ({"number": "5.1.1", "state": "excluded", "reason": "x" * 2001}, "reason"),
            ({"number": "5.1.1", "state": "excluded", "reason": "\u0000"}, "reason"),
        ],
    )
    def test_each_bad_answer_names_its_field(self, walk, sign_in, answer, where):
        walk.to("started")
        address = f"/api/v1/statements/{walk.statement.pk}/answers"
        body = json.dumps({"answers": [answer]})
        response = sign_in("provider").post(address, body, content_type="application/json")
        problems = response.json()["problems"]
        assert response.status_code == 422
        assert [problem["where"] for problem in problems] == [where]
        assert not Line.objects.filter(statement=walk.statement).exclude(state="unanswered").exists()

    def test_a_stale_version_is_a_conflict(self, walk, sign_in):
        walk.to("prepared")
        address = f"/api/v1/applications/{walk.application.pk}/submit"
        response = sign_in("provider").post(address, '{"version": 77}', content_type="application/json")
        assert response.status_code == 409
        assert response.json()["type"] == "urn:kansatsu:refusal:conflict"
        done = sign_in("provider").post(address, '{"version": 1}', content_type="application/json")
        assert done.status_code == 200
        assert done.json()["status"] == "submitted"

    def test_the_pre_check_says_the_same_as_the_page(self, walk, sign_in):
        walk.to("started")
        client = sign_in("provider")
        problems = client.get(f"/api/v1/statements/{walk.statement.pk}/check").json()["problems"]
        page = html.unescape(client.get(f"/statements/{walk.statement.pk}/").content.decode())
        assert len(problems) > 261
        assert f"{len(problems)} breaches" in page
        assert {"code", "control", "where", "message", "clause", "remedy"} == set(problems[0])
        assert all(problem["message"] in page for problem in problems[:20])

    def test_the_public_list_takes_no_odd_values(self, sign_in):
        client = sign_in(None)
        for query in ("limit=0", "limit=100000", "offset=-1", "model=tape", "q=" + "x" * 101):
            assert client.get(f"/api/v1/register/?{query}").status_code == 422
        assert client.get("/api/v1/register/C00-0000-0").status_code == 404
