"""Every address of the portal against a stranger and against each role: deny by default."""

from datetime import date

import pytest
from django.http import Http404, HttpResponse
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from tests.assurance.criteria import drafts

from kansatsu.accounts.actions import invite, key_hash
from kansatsu.accounts.models import Invitation, Membership, Organisation
from kansatsu.accounts.workflow import Role
from kansatsu.assurance.audits import actions as audits
from kansatsu.assurance.criteria.models import Edition
from kansatsu.core.files import store
from kansatsu.core.models import Event, Letter
from kansatsu.samples.walk import Walk
from kansatsu.web.middleware import GateMiddleware

SIGN_IN, GONE, OK, NO = 302, 404, 200, 403
ROLES = ("stranger", "provider", "minato", "auditor", "tashika", "reviewer", "decider", "office", "buyer")

# Who sees what of one service of あおぞら (provider), audited by けんさ (auditor), under review. Written by hand.
# stranger, provider, other provider, auditor, other auditor, reviewer, committee, office, agency
PAGES = {
    "home": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "health": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "register:list": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "register:entry": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "register:desk": (SIGN_IN, GONE, GONE, GONE, GONE, GONE, GONE, OK, GONE),
    "criteria:shelf": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "criteria:search": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "criteria:compare": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "criteria:compare_table": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "criteria:edition": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "criteria:print": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "criteria:export": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "criteria:control": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "criteria:comments": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "criteria:comment_one": (SIGN_IN, OK, OK, OK, OK, OK, OK, OK, OK),
    "criteria:mapping": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "criteria:export_mapping": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "criteria:import": (SIGN_IN, GONE, GONE, GONE, GONE, GONE, GONE, OK, GONE),
    "criteria:replace": (SIGN_IN, GONE, GONE, GONE, GONE, GONE, GONE, OK, GONE),
    # The edition here came from no file; who may have one is tested with the pages of the criteria.
    "criteria:original": (SIGN_IN, *(GONE,) * 8),
    "criteria:load_mapping": (SIGN_IN, GONE, GONE, GONE, GONE, GONE, GONE, OK, GONE),
    "providers:services": (SIGN_IN, OK, OK, GONE, GONE, GONE, GONE, GONE, GONE),
    "providers:new": (SIGN_IN, OK, OK, GONE, GONE, GONE, GONE, GONE, GONE),
    "providers:edit": (SIGN_IN, OK, GONE, GONE, GONE, GONE, GONE, GONE, GONE),
    "statements:service": (SIGN_IN, OK, GONE, GONE, GONE, GONE, GONE, GONE, GONE),
    "statements:statement": (SIGN_IN, OK, GONE, OK, GONE, OK, GONE, GONE, GONE),
    "statements:header": (SIGN_IN, OK, GONE, GONE, GONE, GONE, GONE, GONE, GONE),
    "statements:line": (SIGN_IN, OK, GONE, OK, GONE, OK, GONE, GONE, GONE),
    "audits:engagements": (SIGN_IN, OK, OK, OK, OK, GONE, GONE, GONE, GONE),
    "audits:engagement": (SIGN_IN, OK, GONE, OK, GONE, OK, GONE, GONE, GONE),
    "audits:propose": (SIGN_IN, OK, GONE, GONE, GONE, GONE, GONE, GONE, GONE),
    "audits:report": (SIGN_IN, OK, GONE, OK, GONE, OK, GONE, GONE, GONE),
    "reviews:applications": (SIGN_IN, OK, OK, GONE, GONE, OK, OK, OK, GONE),
    "reviews:application": (SIGN_IN, OK, GONE, GONE, GONE, OK, GONE, GONE, GONE),
    "reviews:prepare": (SIGN_IN, OK, GONE, GONE, GONE, GONE, GONE, GONE, GONE),
    "accounts:organisations": (SIGN_IN, GONE, GONE, GONE, GONE, GONE, GONE, OK, GONE),
    "accounts:organisation": (SIGN_IN, OK, GONE, GONE, GONE, GONE, GONE, OK, GONE),
    "accounts:leave": (SIGN_IN, OK, GONE, GONE, GONE, GONE, GONE, OK, GONE),
    "accounts:invitation": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "accounts:me": (SIGN_IN, OK, OK, OK, OK, OK, OK, OK, OK),
    "api:openapi-json": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "api:public_list": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "api:entry": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "api:check": (401, OK, GONE, OK, GONE, OK, GONE, GONE, GONE),
    "api:application": (401, OK, GONE, GONE, GONE, OK, GONE, GONE, GONE),
    "account_login": (OK, 302, 302, 302, 302, 302, 302, 302, 302),
    "account_logout": (302, OK, OK, OK, OK, OK, OK, OK, OK),
    "account_inactive": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "account_change_password": (SIGN_IN, OK, OK, OK, OK, OK, OK, OK, OK),
    "account_reauthenticate": (SIGN_IN, OK, OK, OK, OK, OK, OK, OK, OK),
    "account_reset_password": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "account_reset_password_done": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "account_reset_password_from_key": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "account_reset_password_from_key_done": (OK, OK, OK, OK, OK, OK, OK, OK, OK),
    "usersessions_list": (SIGN_IN, OK, OK, OK, OK, OK, OK, OK, OK),
}
# Addresses that only take posts: GET is refused with 405 to those whom they admit at all.
POSTS = {
    "language": (405,) * 9,
    "accounts:act_for": (SIGN_IN, *(405,) * 8),
    "accounts:hand_over": (SIGN_IN, *(405,) * 8),
    "accounts:withdraw_invitation": (SIGN_IN, *(405,) * 8),
    "statements:start": (SIGN_IN, 405, 405, GONE, GONE, GONE, GONE, GONE, GONE),
    "statements:act": (SIGN_IN, 405, 405, GONE, GONE, GONE, GONE, GONE, GONE),
    "audits:act": (SIGN_IN, *(405,) * 8),
    "reviews:act": (SIGN_IN, *(405,) * 8),
    "register:act": (SIGN_IN, GONE, GONE, GONE, GONE, GONE, GONE, 405, GONE),
    "register:enter": (SIGN_IN, GONE, GONE, GONE, GONE, GONE, GONE, 405, GONE),
    "register:adopt": (SIGN_IN, GONE, GONE, GONE, GONE, GONE, GONE, 405, GONE),
    "criteria:act": (SIGN_IN, GONE, GONE, GONE, GONE, GONE, GONE, 405, GONE),
    "criteria:comment": (SIGN_IN, *(405,) * 8),
    "criteria:comment_act": (SIGN_IN, *(405,) * 8),
    "criteria:mapping_act": (SIGN_IN, GONE, GONE, GONE, GONE, GONE, GONE, 405, GONE),
    "api:answer": (405,) * 9,
    "api:submit": (405,) * 9,
}
# What a post with nothing but a version that nobody saw is answered; none of them writes anything.
ONLY_OFFICE = (SIGN_IN, GONE, GONE, GONE, GONE, GONE, GONE, 422, GONE)
POSTED = {name: row for name, row in PAGES.items() if name.startswith("criteria:")} | {
    "criteria:import": ONLY_OFFICE,
    "criteria:replace": ONLY_OFFICE,
    "criteria:load_mapping": ONLY_OFFICE,
    "criteria:act": ONLY_OFFICE,
    "criteria:comment": (SIGN_IN, *(422,) * 8),
    "criteria:comment_act": (SIGN_IN, NO, NO, NO, NO, NO, NO, 422, NO),
    "criteria:mapping_act": (SIGN_IN, GONE, GONE, GONE, GONE, GONE, GONE, 409, GONE),
}
# Of a draft nobody but the programme office sees anything; the other addresses of the criteria name no edition.
HIDDEN = (GONE, GONE, GONE, GONE, GONE, GONE, GONE, OK, GONE)
OF_DRAFTS = {
    "criteria:compare": HIDDEN,
    "criteria:compare_table": HIDDEN,
    "criteria:edition": HIDDEN,
    "criteria:print": HIDDEN,
    "criteria:export": HIDDEN,
    "criteria:control": HIDDEN,
    "criteria:comments": HIDDEN,
    "criteria:comment_one": (SIGN_IN, *HIDDEN[1:]),
    "criteria:mapping": HIDDEN,
    "criteria:export_mapping": HIDDEN,
    "criteria:replace": (SIGN_IN, *HIDDEN[1:]),
    "criteria:original": (SIGN_IN, *(GONE,) * 8),
}
POSTED_OF_DRAFTS = {
    "criteria:act": ONLY_OFFICE,
    "criteria:comment": ONLY_OFFICE,
    "criteria:comment_act": ONLY_OFFICE,
    "criteria:mapping_act": (SIGN_IN, GONE, GONE, GONE, GONE, GONE, GONE, 409, GONE),
}
QUERIES = {
    "criteria:compare": "?older=ismap-2022-04&newer={}",
    "criteria:compare_table": "?older=ismap-2022-04&newer={}",
}


def named_addresses():
    """Every named address of the portal, walked through all includes."""

    def walk(patterns, prefix):
        for one in patterns:
            if isinstance(one, URLPattern):
                if one.name and one.name != "api-root":
                    yield f"{prefix}{one.name}"
            else:
                yield from walk(one.url_patterns, f"{one.namespace}:" if one.namespace else prefix)

    return set(walk(get_resolver().url_patterns, ""))


def of_criteria(people, edition_id):
    """A draft that was out for comment, with a comment and a mapping set; as reverse arguments."""
    office = people["office"]
    draft = drafts.consult(drafts.bring_in(office, edition_id), office)
    said = drafts.say(draft, people["provider"])
    drafts.EDITING["end_consultation"](draft, office)
    drafts.load(office, set_id=f"to-{edition_id}", source="ismap-2022-04", target=edition_id)
    return {
        "criteria:edition": [edition_id],
        "criteria:print": [edition_id],
        "criteria:export": [edition_id, "csv"],
        "criteria:control": [edition_id, "5.1.1"],
        "criteria:comments": [edition_id],
        "criteria:comment_one": [said.pk],
        "criteria:mapping": [f"to-{edition_id}"],
        "criteria:export_mapping": [f"to-{edition_id}", "csv"],
        "criteria:replace": [edition_id],
        "criteria:original": [edition_id],
        "criteria:act": [edition_id, "publish"],
        "criteria:comment": [edition_id, "5.1.1"],
        "criteria:comment_act": [said.pk, "answer"],
        "criteria:mapping_act": [f"to-{edition_id}", "withdraw"],
    }


@pytest.fixture
def of_a_draft(people, edition):
    """Addresses about a draft."""
    return of_criteria(people, "test-draft")


@pytest.fixture
def of_a_consultation(people, edition):
    """Addresses about an edition that is out for comment."""
    found = of_criteria(people, "test-out")
    drafts.consult(Edition.objects.get(pk="test-out"), people["office"])
    return found


@pytest.fixture
def places(walk, people, edition, of_a_consultation):
    """A service under review with a report's file, an entry on the register, an invitation; as reverse arguments."""
    done = Walk(people=people, edition=edition, period=(date(2024, 4, 1), date(2025, 3, 31)), name="登録済み", seed=2)
    done.to("registered")
    walk.to("fieldwork")
    file = store([b"%PDF-1.7\n%test\n"], "report.pdf", now=walk.clock, where="report", kinds=frozenset({".pdf"}))
    walk.clock = done.clock
    walk.engagement = audits.issue(
        engagement=walk.engagement, conclusion="ok", report=file, actor=people["auditor"], now=walk.later()
    )
    walk._done.append("reported")
    walk.to("under_review")
    office = Organisation.objects.get(kind="office")
    invite(organisation=office, email="new@example.jp", role=Role.MEMBER, actor=people["office"], now=walk.clock)
    Invitation.objects.update(expires_at=timezone.now().replace(year=2099))
    letter = Letter.objects.get(key="accounts.invited")
    key = letter.body.split("/invitations/")[1].split("/")[0]
    assert Invitation.objects.filter(key_hash=key_hash(key)).exists()
    organisation = people["provider"].organisation_id
    member = Membership.objects.get(organisation=organisation, person__email__startswith="provider2@")
    return of_a_consultation | {
        "register:entry": [done.entry.number],
        "register:act": [done.entry.number, "remark"],
        "register:enter": [walk.application.pk],
        "providers:edit": [walk.service.pk],
        "statements:service": [walk.service.pk],
        "statements:start": [walk.service.pk],
        "statements:statement": [walk.statement.pk],
        "statements:header": [walk.statement.pk],
        "statements:line": [walk.statement.pk, "5.1.1"],
        "statements:act": [walk.statement.pk, "revise"],
        "audits:propose": [walk.statement.pk],
        "audits:engagement": [walk.engagement.pk],
        "audits:report": [walk.engagement.pk],
        "audits:act": [walk.engagement.pk, "accept"],
        "reviews:prepare": [walk.service.pk],
        "reviews:application": [walk.application.pk],
        "reviews:act": [walk.application.pk, "submit"],
        "accounts:organisation": [organisation],
        "accounts:leave": [member.pk],
        "accounts:invitation": [key],
        "accounts:withdraw_invitation": [Invitation.objects.get().pk],
        "accounts:hand_over": [1],
        "api:entry": [done.entry.number],
        "api:check": [walk.statement.pk],
        "api:answer": [walk.statement.pk],
        "api:application": [walk.application.pk],
        "api:submit": [walk.application.pk],
        "account_reset_password_from_key": ["abc", "def-ghi"],
    }


def test_every_address_stands_in_the_table():
    assert named_addresses() == set(PAGES) | set(POSTS)
    assert {name for name in named_addresses() if name.startswith("criteria:")} == set(POSTED)


def unexpected(table, places, sign_in, **sent):
    """Where an answer differs from the table: name, role, expected status, given status."""
    wrong = []
    for index, role in enumerate(ROLES):
        client = sign_in(None if role == "stranger" else role)
        for name, expected in table.items():
            if name == "account_logout":
                continue
            address = reverse(name, args=places.get(name, []))
            address += QUERIES.get(name, "").format(*places.get("criteria:edition", []))
            answer = client.post(address, sent) if sent else client.get(address)
            b"".join(answer)
            if answer.status_code != expected[index]:
                wrong.append((name, role, expected[index], answer.status_code))
    return wrong


def test_every_address_answers_each_role_as_the_table_says(places, sign_in):
    assert unexpected(PAGES | POSTS, places, sign_in) == []


def test_every_address_of_the_criteria_answers_a_post_of_each_role_as_the_table_says(of_a_consultation, sign_in):
    events = Event.objects.count()
    assert unexpected(POSTED, of_a_consultation, sign_in, version="999") == []
    assert Event.objects.count() == events


def test_of_a_draft_and_of_what_was_said_of_it_only_the_office_sees_anything(of_a_draft, sign_in):
    events = Event.objects.count()
    assert unexpected(OF_DRAFTS, of_a_draft, sign_in) == []
    assert unexpected(POSTED_OF_DRAFTS, of_a_draft, sign_in, version="999") == []
    assert Event.objects.count() == events


def test_a_published_edition_is_open_to_all(of_a_draft, people, sign_in):
    drafts.publish(Edition.objects.get(pk="test-draft"), people["office"])
    assert unexpected({name: PAGES[name] for name in OF_DRAFTS}, of_a_draft, sign_in) == []


def test_a_discarded_draft_is_there_for_nobody(of_a_draft, people, sign_in):
    drafts.EDITING["discard"](Edition.objects.get(pk="test-draft"), people["office"])
    gone = {name: (row[0], *(GONE,) * 8) for name, row in OF_DRAFTS.items()}
    assert unexpected(gone, of_a_draft, sign_in) == []


def test_a_view_that_names_nobody_is_refused(sign_in, rf, people):
    request = rf.get("/register/")
    request.actor = people["office"]
    gate = GateMiddleware(lambda _request: HttpResponse("open"))
    with pytest.raises(Http404):
        gate.process_view(request, lambda _request: HttpResponse("open"), (), {})


def test_somebody_without_an_organisation_is_told_so(sign_in, people):
    client = sign_in("buyer")
    Membership.objects.filter(person=people["buyer"].person_id).update(until=timezone.now())
    response = client.get("/audits/")
    assert response.status_code == 403
    assert "no organisation" in response.content.decode()
    assert client.get("/").status_code == 200


def test_guessed_numbers_of_others_are_not_there(places, sign_in):
    client = sign_in("minato")
    for address in ("/statements/1/", "/audits/1/", "/applications/1/", "/services/1/", "/statements/999999/"):
        assert client.get(address).status_code == 404


def test_posting_an_act_on_anothers_record_is_not_there(places, sign_in, walk):
    client = sign_in("minato")
    response = client.post(f"/applications/{walk.application.pk}/act/withdraw/", {"version": "1"})
    assert response.status_code == 404


def test_pages_carry_the_strict_policy_and_no_inline_script(places, sign_in):
    response = sign_in("provider").get("/statements/1/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    page = response.content.decode()
    assert " onclick=" not in page and " style=" not in page and "<script>" not in page
