"""The pages of the criteria as people meet them: what they say, what they take, what they refuse, what they cost."""

import html
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
import xlsxwriter
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.assurance.criteria import drafts
from tests.assurance.criteria.drafts import LINES, RENUMBERED, bring_in, give, line, publish
from tests.assurance.doing import BEGINNING, acts_of

from kansatsu.accounts.actors import SYSTEM
from kansatsu.accounts.models import Person
from kansatsu.assurance.criteria import actions, editions, files, queries, rules
from kansatsu.assurance.criteria.mappings import Confidence, MappingFacts, Relation
from kansatsu.assurance.criteria.models import Comment, Control, Edition, MappingSet
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.files import open_stored
from kansatsu.core.models import Event, StoredFile
from kansatsu.core.problems import texts
from kansatsu.samples.cast import address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stocked")]

SHELF = "/criteria/"
SCRIPT = "<script>alert('x')</script>"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
XLS = OLE + "Workbook\0".encode("utf-16-le")
NOTHING = {"id": "ismap-2026-04", "title_ja": "管理基準 2026年4月版", "title_en": "", "published_on": "2026-04-01",
           "source": "", "predecessor": "", "reading": "2022", "map": ""}  # fmt: skip
TABLE = (
    "番号,区分,種別,題名,内容\r\n"
    "5.1.1,管理策基準,統制目標,暗号の方針,暗号の方針を定める。\r\n"
    "5.1.1.1,管理策基準,詳細管理策,鍵の管理,鍵を守る。\r\n"
    "5.1.1.2.PB,管理策基準,詳細管理策,利用者の鍵,利用者が鍵を持てる。\r\n"
)
ROWS = "source,target,relation,confidence,note\r\n5.1.1,5.1.1,equal,high,同じ文\r\n"


def as_person(key, language="en"):
    """A browser signed in as that person of the cast; a stranger's without a key."""
    client = Client()
    client.cookies["django_language"] = language
    if key is not None:
        backend = "allauth.account.auth_backends.AuthenticationBackend"
        client.force_login(Person.objects.get(email=address(key)), backend=backend)
    return client


@pytest.fixture(scope="module")
def stocked(whole_module):
    """All that `kansatsu migrate` installs."""
    for edition_id in ("ismap-2022-04", "ismap-2024-07", "ismap-r7-draft"):
        drafts.install(edition_id)
    for shipped in editions.shipped_mappings():
        actions.install_mapping(shipped=shipped, actor=SYSTEM, now=BEGINNING)


@pytest.fixture
def stranger(people):
    return as_person(None)


@pytest.fixture
def office(people):
    return as_person("office")


@pytest.fixture
def provider(people):
    return as_person("provider")


@pytest.fixture
def draft(people):
    """A draft of four lines."""
    return bring_in(people["office"])


@pytest.fixture
def out(draft, people):
    """The draft, out for comment for a week from today."""
    return drafts.consult(draft, people["office"], until=tokyo_date(timezone.now()) + timedelta(days=7))


def page(client, path, status=200, **query):
    """What the page's own part says, without its marks."""
    return plain(client.get(path, query), status)


def plain(response, status=200):
    assert response.status_code == status
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main(response))).split())


def main(response):
    """The page's own part, as it is."""
    text = response.content.decode()
    inside = re.search(r"<main[^>]*>(.*?)</main>", text, re.DOTALL)
    return inside[1] if inside else text


def facts(response):
    """The list of facts of a page: name → value."""
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", main(response), re.DOTALL)
    return {strip(name): strip(value) for name, value in pairs}


def strip(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def edition_page(edition_id="test-2026"):
    return f"/criteria/editions/{edition_id}/"


def control_page(number, edition_id="test-2026"):
    return f"/criteria/editions/{edition_id}/{number}/"


def links(response):
    return [html.unescape(one) for one in re.findall(r'href="([^"]+)"', main(response))]


def offered(response):
    """The acts that the page offers."""
    return re.findall(r'action="[^"]*/act/(\w+)/"', main(response))


def said(code):
    """The English message of a problem, up to its first blank."""
    return texts()[code]["en"].split("{")[0].strip()


def upload(content, name="criteria.csv"):
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def count(client, path):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = client.get(path)
        b"".join(response)
    assert response.status_code == 200
    return len(asked)


def kept(stored):
    """What lies in a stored file."""
    with open_stored(stored) as content:
        return content.read()


def written():
    """What an import must not touch while it only checks."""
    return Edition.objects.count(), Control.objects.count(), MappingSet.objects.count(), Event.objects.count()


# --- the shelf ---


def test_an_empty_shelf_says_so(stranger):
    Edition.objects.update(status="discarded")  # by no act: what is published stays
    shelf = page(stranger, SHELF)
    assert "There is no edition yet." in shelf
    assert "No mapping set is loaded." in shelf
    assert "Compare two editions" not in shelf
    assert "Import an edition" not in shelf


class TestTheShelf:
    """What `kansatsu migrate` installs, newest first."""

    @pytest.mark.parametrize(
        ("language", "titles", "chips"),
        [
            ("ja", ["令和7年度改正案", "2024年7月版", "2022年4月版"], ["公表済み", "旧版", "未確認"]),
            ("en", ["draft of fiscal 2025", "July 2024", "April 2022"], ["Published", "superseded", "unverified"]),
        ],
    )
    def test_editions_stand_newest_first_with_what_is_known_of_them(self, people, language, titles, chips):
        shelf = page(as_person(None, language), SHELF)
        places = [shelf.index(title) for title in titles]
        assert places == sorted(places)
        assert [chip for chip in chips if chip not in shelf] == []

    def test_each_row_tells_lines_status_and_what_it_follows(self, stranger):
        rows = [strip(row) for row in re.findall(r"<tr>(.*?)</tr>", main(stranger.get(SHELF)), re.DOTALL)]
        assert rows[1].endswith(
            "2025-09-18 240 Published unverified incomplete ismap-2024-07 What changed ismap-r7-draft"
        )
        assert rows[2].endswith("2024-07-01 265 Published incomplete ismap-2022-04 What changed ismap-2024-07")
        assert rows[3].endswith("2022-04-01 261 Published superseded incomplete")

    def test_mapping_sets_are_listed_with_their_editions(self, stranger):
        shelf = page(stranger, SHELF)
        assert "ismap-2022-04 ismap-r7-draft" in shelf
        assert "In use" in shelf

    def test_a_draft_stands_on_the_office_s_shelf_only(self, stranger, office, draft):
        assert "An edition for tests" in page(office, SHELF)
        assert "An edition for tests" not in page(stranger, SHELF)

    def test_the_office_finds_import_and_load_there(self, office, provider):
        assert {"/criteria/import/", "/criteria/load-mapping/"} <= set(links(office.get(SHELF)))
        assert not {"/criteria/import/", "/criteria/load-mapping/"} & set(links(provider.get(SHELF)))

    def test_every_link_of_it_leads_somewhere(self, stranger):
        for link in set(links(stranger.get(SHELF))):
            assert stranger.get(link).status_code == 200, link

    def test_what_follows_a_draft_does_not_tell_of_it(self, people, stranger, office, draft):
        drafts.consult(bring_in(people["office"], "test-2027", predecessor="test-2026"), people["office"])
        for path in (SHELF, edition_page("test-2027")):
            assert "test-2026" not in stranger.get(path).content.decode()
            assert "test-2026" in office.get(path).content.decode()


# --- an edition ---


class TestAnEdition:
    """The edition of 2022 and its neighbours."""

    def test_it_says_where_it_stands(self, stranger):
        found = facts(stranger.get(edition_page("ismap-2022-04")))
        assert found["Status"] == "Published superseded incomplete"
        assert found["Day it bears"] == "2022-04-01"
        assert found["Id"] == "ismap-2022-04"
        assert found["Lines"] == "261"
        assert found["Where it comes from"].startswith("English reference text")
        assert found["Followed by"].endswith("July 2024 (numbers only) · What changed")
        assert found["Content hash"] == Edition.objects.get(pk="ismap-2022-04").content_hash

    def test_it_leads_to_the_edition_that_took_its_place(self, stranger):
        found = stranger.get(edition_page("ismap-2022-04"))
        assert "A newer edition has taken its place: Control criteria, July 2024" in plain(found)
        assert edition_page("ismap-2024-07") in links(found)

    def test_an_unverified_edition_takes_nobodys_place_and_warns(self, stranger):
        assert "A newer edition has taken its place" not in page(stranger, edition_page("ismap-2024-07"))
        assert "was not seen in an official text" in page(stranger, edition_page("ismap-r7-draft"))
        assert "was not seen in an official text" not in page(stranger, edition_page("ismap-2024-07"))

    def test_where_it_comes_from_is_told_in_the_readers_language(self, people):
        assert "英語参考訳" in page(as_person(None, "ja"), edition_page("ismap-2022-04"))

    def test_the_tree_holds_every_line_once(self, stranger):
        tree = main(stranger.get(edition_page("ismap-2022-04"))).partition('<div class="tree">')[2]
        tree = tree.partition("<h2>")[0]
        numbers = re.findall(r'href="/criteria/editions/ismap-2022-04/([^/"]+)/"', tree)
        assert numbers == [one.number for one in editions.shipped("ismap-2022-04").controls]
        assert re.findall(r"<h3>(.*?)</h3>", tree) == ["Governance", "Management", "Controls"]
        assert tree.count("<details>") == tree.count("</details>") == tree.count("<summary")

    def test_the_tree_names_chapters_and_clauses_and_counts_their_lines(self, stranger):
        tree = page(stranger, edition_page("ismap-2022-04"))
        assert "3 Governing security 24 3.1 How security is governed 24 3.1.1 Overall picture of governance" in tree
        chapters = re.findall(
            r"<details>\s*<summary><span class=\"number\">(\d+)</span>.*?small\">(\d+)</span>",
            main(stranger.get(edition_page("ismap-2022-04"))),
        )
        assert sum(int(size) for _, size in chapters) == 261

    def test_an_edition_numbered_as_2022_has_a_tree_too(self, stranger):
        tree = (
            main(stranger.get(edition_page("ismap-r7-draft"))).partition('<div class="tree">')[2].partition("<h2>")[0]
        )
        assert len(re.findall(r'href="/criteria/editions/ismap-r7-draft/', tree)) == 240

    def test_the_picture_and_the_tables_say_the_same(self, stranger):
        response = stranger.get(edition_page("ismap-2022-04"))
        assert "<svg" in main(response) and 'role="img"' in main(response)
        said = plain(response)
        assert "Governance 6 18 – Management 21 64 – Controls 121 31 31" in said
        assert "ISO/IEC 27014:2013 24 – – 24 ISO/IEC 27001:2013 – 85 – 85" in said

    def test_the_basic_statement_requirements_are_counted_by_class_and_part(self, stranger):
        said = page(stranger, edition_page("ismap-2022-04"))
        assert "Mandatory 24 85 – 109 May be excluded with a reason – – 121 121" in said
        assert "May be excluded only with its objective – – 31 31 Selectable; a reason if left out – – – 0" in said

    def test_it_leads_to_all_its_files_and_they_are_there(self, stranger):
        response = stranger.get(edition_page("ismap-2022-04"))
        wanted = {f"/criteria/editions/ismap-2022-04/export/{form}/" for form in files.FORMS}
        assert wanted < set(links(response))

    def test_every_link_of_it_leads_somewhere(self, stranger):
        for link in sorted(set(links(stranger.get(edition_page("ismap-2022-04")))))[::7]:
            assert stranger.get(link).status_code == 200, link

    def test_nobody_but_the_office_sees_its_history(self, stranger, provider, office):
        assert "History" in page(office, edition_page("ismap-2022-04"))
        for client in (stranger, provider):
            assert "History" not in page(client, edition_page("ismap-2022-04"))

    @pytest.mark.parametrize("key", [None, "provider", "office"])
    def test_a_published_edition_offers_no_act(self, people, key):
        response = as_person(key).get(edition_page("ismap-2022-04"))
        assert offered(response) == []
        assert "/replace/" not in main(response)

    def test_an_unknown_edition_is_not_there(self, stranger):
        for path in ("", "print/", "comments/", "export/csv/", "5.1.1/"):
            assert stranger.get(edition_page("ismap-1999-01") + path).status_code == 404

    def test_on_paper_it_holds_every_line_with_its_text(self, people, stranger):
        found = plain(stranger.get(edition_page("ismap-2024-07") + "print/"))
        missing = [one.number for one in editions.shipped("ismap-2024-07").controls if f" {one.number} " not in found]
        assert missing == []
        assert Edition.objects.get(pk="ismap-2024-07").content_hash in found


def test_on_paper_texts_stand_under_their_titles_in_the_readers_language(draft, people):
    ja = page(as_person("office", "ja"), edition_page() + "print/")
    assert "5.1.1.2.PB Ｃｌｏｕｄの鍵 統制目標とともにのみ対象外にできる 利用者が鍵を持てる。" in ja
    assert "5 方針" in ja
    en = page(as_person("office"), edition_page() + "print/")
    assert "5 Policies" in en
    assert "Customers can hold the keys." in en


def test_an_edition_whose_class_is_its_own_names_no_reading(people, office, draft):
    drafts.EDITING["classify"](draft, people["office"])
    found = page(office, edition_page())
    assert "May be excluded with a reason – – 4 4" in found


# --- a control ---


class TestAControl:
    """Everything a line's page tells."""

    def test_it_tells_every_fact_of_a_detailed_control(self, stranger):
        response = stranger.get(control_page("9.5.2.1.PB", "ismap-2022-04"))
        found = facts(response)
        assert found["Kind"] == "Detailed control · Controls · PB"
        assert found["Class"] == "May be excluded only with its objective"
        assert found["What must be stated"].startswith("It is implemented in principle. It may be excluded only")
        assert found["Base standard"] == "ISO/IEC 27017:2015"
        assert found["Control objective"].startswith("9.5.2.P")
        assert found["Critical area"] == "Access management [管理基準 附属1] unverified"
        assert found["Id in every edition"] == "det-9.5.2.1"
        assert "The official text is not part of this edition" in plain(response)

    def test_an_objective_names_its_details_and_its_clause(self, stranger):
        response = stranger.get(control_page("9.5.2.P", "ismap-2022-04"))
        assert "Detailed control 1 9.5.2.1.PB" in plain(response)
        assert re.search(r"› 9\.5 \w", plain(response))
        assert control_page("9.5.2.1.PB", "ismap-2022-04") in links(response)

    def test_a_control_of_no_critical_area_says_none(self, stranger):
        assert facts(stranger.get(control_page("5.1.1", "ismap-2022-04")))["Critical area"] == "none"

    def test_a_line_that_bore_other_numbers_names_them(self, people, office):
        bring_in(people["office"], controls=RENUMBERED)
        assert facts(office.get(control_page("6.1.1")))["Earlier numbers"] == "5.1.1"

    def test_an_unverified_edition_warns_on_every_line(self, stranger):
        assert "was not seen in an official text" in page(stranger, control_page("5.1", "ismap-r7-draft"))

    def test_example_frequencies_stand_beside_it_with_their_clause(self, stranger):
        found = page(stranger, control_page("5.1.1", "ismap-2022-04"))
        assert "Example frequencies 管理基準 別表8 Regulations at least once a year" in found

    def test_the_lines_before_and_after_are_a_step_away(self, stranger):
        response = stranger.get(control_page("5.1.1", "ismap-2022-04"))
        order = [one.number for one in editions.shipped("ismap-2022-04").controls]
        at = order.index("5.1.1")
        assert re.findall(r'href="([^"]+)" rel="(\w+)"', main(response)) == [
            (control_page(order[at - 1], "ismap-2022-04"), "prev"),
            (control_page(order[at + 1], "ismap-2022-04"), "next"),
        ]

    def test_the_first_and_the_last_line_have_one_neighbour(self, stranger):
        order = [one.number for one in editions.shipped("ismap-2022-04").controls]
        for number, way in ((order[0], "next"), (order[-1], "prev")):
            response = stranger.get(control_page(number, "ismap-2022-04"))
            assert re.findall(r'rel="(prev|next)"', main(response)) == [way]

    def test_it_names_the_same_control_in_other_editions(self, stranger):
        response = stranger.get(control_page("5.1.1", "ismap-2022-04"))
        assert control_page("5.1.1", "ismap-2024-07") in links(response)

    def test_a_renumbered_and_reworded_control_is_marked_so(self, people, office):
        bring_in(people["office"], "test-2026")
        changed = (line("6.1.1", "暗号の新しい方針", earlier=("5.1.1",)), *RENUMBERED[1:])
        bring_in(people["office"], "test-2027", controls=changed)
        found = page(office, control_page("5.1.1"))
        assert "6.1.1 暗号の新しい方針 An edition for tests Renumbered Reworded" in found

    def test_a_control_of_one_edition_only_says_so(self, people, office, draft):
        found = page(office, control_page("5.1.1.2.PB"))
        assert "It stands in this edition only." in found
        assert "No mapping set names this line." in found

    def test_what_corresponds_to_it_is_shown_from_either_side(self, stranger):
        shipped = next(
            row for row in editions.shipped_mappings()[0].rows if row.relation in (Relation.SUBSET, Relation.SUPERSET)
        )
        turned = {"subset": "superset of", "superset": "subset of"}[shipped.relation]
        there = page(stranger, control_page(shipped.source, "ismap-2022-04"))
        back = page(stranger, control_page(shipped.target, "ismap-r7-draft"))
        assert f"ismap-r7-draft {shipped.relation} of" in there
        assert f"ismap-2022-04 {turned}" in back

    def test_a_withdrawn_set_names_nothing(self, people, office):
        bring_in(people["office"], "test-2026")
        bring_in(people["office"], "test-2027")
        loaded = drafts.load(people["office"])
        assert "test-2027 equal to high 試験の対応表" in page(office, control_page("5.1.1"))
        actions.withdraw_mapping(mapping_set=loaded, actor=people["office"], now=BEGINNING)
        assert "No mapping set names this line." in page(office, control_page("5.1.1"))

    @pytest.mark.parametrize("number", ["99.9.9", "x", "5.1.1.", "print", "5.1.1.1.1", "５.1.1"])
    def test_a_number_that_is_not_there_is_not_found(self, stranger, number):
        if number != "print":
            assert stranger.get(control_page(number, "ismap-2022-04")).status_code == 404


# --- comments ---


class TestComments:
    """Said of a line while the draft is out, answered by the office, kept beside the line."""

    def test_a_stranger_is_led_to_sign_in_and_back(self, stranger, out):
        response = stranger.get(control_page("5.1.1"))
        assert "/sign-in/?next=/criteria/editions/test-2026/5.1.1/" in links(response)
        assert "<textarea" not in main(response)

    def test_a_comment_is_sent_and_stands_on_the_line_with_its_organisation(self, provider, stranger, out):
        response = provider.post(control_page("5.1.1") + "comment/", {"text": "鍵の長さも\r\n決めてください。"})
        assert (response.status_code, response.url) == (302, control_page("5.1.1") + "#comments")
        found = page(stranger, control_page("5.1.1"))
        assert "鍵の長さも 決めてください。 (sample) Aozora Cloud Inc." in found
        assert "Unanswered" in found
        assert "This draft is out for comment until" in page(stranger, edition_page())

    @pytest.mark.parametrize(
        ("text", "code"), [("", "core.empty"), ("x" * 4001, "core.too_long"), ("a\x07b", "core.bad_character")]
    )
    def test_a_bad_comment_is_refused_beside_its_field_and_not_lost(self, provider, out, text, code):
        response = provider.post(control_page("5.1.1") + "comment/", {"text": text})
        assert response.status_code == 422
        assert said(code) in html.unescape(main(response))
        assert 'id="id_text_error"' in main(response)
        if len(text) > 100:
            assert text in main(response)
        assert not Comment.objects.exists()

    def test_a_field_that_no_comment_has_is_refused(self, provider, out):
        response = provider.post(control_page("5.1.1") + "comment/", {"text": "よい", "answer": "自答"})
        assert response.status_code == 422
        assert not Comment.objects.exists()

    def test_a_comment_on_a_line_that_is_not_there_is_not_there(self, provider, out):
        assert provider.post(control_page("9.9.9") + "comment/", {"text": "よい"}).status_code == 404

    def test_no_comment_is_taken_before_and_after(self, people, provider, stranger, draft):
        assert provider.post(control_page("5.1.1") + "comment/", {"text": "よい"}).status_code == 404
        drafts.consult(draft, people["office"])
        response = provider.get(control_page("5.1.1"))
        assert "<textarea" not in main(response)
        assert "out for comment until" not in page(stranger, edition_page())
        late = provider.post(control_page("5.1.1") + "comment/", {"text": "よい"})
        assert late.status_code == 422
        assert not Comment.objects.exists()

    def test_the_list_shows_all_or_only_what_is_unanswered(self, people, stranger, out):
        first = drafts.say(out, people["provider"], "5.1.1", "一つ目", now=timezone.now())
        drafts.say(out, people["auditor"], "5.1.1", "二つ目", now=timezone.now())
        drafts.say(out, people["minato"], "12.1.1", "三つ目", now=timezone.now())
        actions.answer(comment=first, answer="書き加えます。", actor=people["office"], now=timezone.now())
        listed = stranger.get(edition_page() + "comments/")
        assert "All 3 Unanswered 2" in plain(listed)
        assert "Answer " in plain(listed) and "書き加えます。" in plain(listed)
        assert main(listed).count("<h2>") == 2
        opened = page(stranger, edition_page() + "comments/", show="open")
        assert "一つ目" not in opened and "二つ目" in opened and "三つ目" in opened
        assert facts(stranger.get(edition_page()))["Comments"] == "3 2 unanswered"

    def test_the_list_says_when_there_is_nothing_or_nothing_left(self, people, stranger, out):
        assert "There is no comment yet." in page(stranger, edition_page() + "comments/")
        assert "Every comment is answered." in page(stranger, edition_page() + "comments/", show="open")

    def test_long_lists_go_over_several_pages(self, people, stranger, out):
        for number in range(51):
            drafts.say(out, people["provider"], text=f"意見{number}", now=timezone.now())
        assert "1 / 2" in page(stranger, edition_page() + "comments/")
        second = page(stranger, edition_page() + "comments/", page="2")
        assert second.count("意見") == 1

    def test_the_office_answers_and_the_answer_stands_beside_the_line(self, people, office, stranger, out):
        said_of = drafts.say(out, people["provider"], now=timezone.now())
        path = f"/criteria/comments/{said_of.pk}/"
        assert offered(office.get(path)) == ["answer"]
        sent = {"version": said_of.version, "answer-answer": "長さは別表で決めます。"}
        response = office.post(f"{path}act/answer/", sent)
        assert (response.status_code, response.url) == (302, edition_page() + "comments/")
        assert "長さは別表で決めます。" in page(stranger, control_page("5.1.1"))
        assert offered(office.get(path)) == []
        assert acts_of(said_of) == ["criteria.comment", "criteria.answer"]

    def test_an_empty_answer_is_asked_for_beside_its_field(self, people, office, out):
        said_of = drafts.say(out, people["provider"], now=timezone.now())
        response = office.post(f"/criteria/comments/{said_of.pk}/act/answer/", {"version": "1", "answer-answer": " "})
        assert response.status_code == 422
        assert 'id="id_answer-answer_error"' in main(response)

    def test_nobody_else_answers(self, people, provider, out):
        said_of = drafts.say(out, people["provider"], now=timezone.now())
        path = f"/criteria/comments/{said_of.pk}/act/answer/"
        response = provider.post(path, {"version": "1", "answer-answer": "自答"})
        assert response.status_code == 403

    def test_its_author_takes_it_back_and_nobody_else_reads_it_then(self, people, provider, stranger, out):
        said_of = drafts.say(out, people["provider"], text="取り消す意見", now=timezone.now())
        path = f"/criteria/comments/{said_of.pk}/"
        assert offered(provider.get(path)) == ["retract"]
        assert offered(as_person("minato").get(path)) == []
        assert as_person("minato").post(f"{path}act/retract/", {"version": "1"}).status_code == 403
        assert provider.post(f"{path}act/retract/", {"version": said_of.version}).status_code == 302
        for client in (stranger, as_person("minato")):
            for place in (control_page("5.1.1"), edition_page() + "comments/", path):
                assert "取り消す意見" not in client.get(place).content.decode()
        assert as_person("minato").get(path).status_code == 404
        assert provider.get(path).status_code == 200
        assert as_person("office").get(path).status_code == 200

    def test_an_answer_that_comes_after_the_comment_was_taken_back_is_told_what_happened(self, people, office, out):
        said_of = drafts.say(out, people["provider"], now=timezone.now())
        actions.retract(comment=said_of, actor=people["provider"], now=timezone.now())
        path = f"/criteria/comments/{said_of.pk}/act/answer/"
        response = office.post(path, {"version": "1", "answer-answer": "はい。"})
        assert response.status_code == 409
        assert Comment.objects.get().answer == ""

    def test_what_was_said_of_an_earlier_draft_stands_beside_the_line_by_its_new_number(self, people, stranger, out):
        drafts.say(out, people["provider"], text="番号が変わる前の意見", now=timezone.now())
        ended = drafts.EDITING["end_consultation"](out, people["office"])
        drafts.consult(give(ended, people["office"], RENUMBERED), people["office"])
        assert "番号が変わる前の意見" in page(stranger, control_page("6.1.1"))
        listed = stranger.get(edition_page() + "comments/")
        assert control_page("6.1.1") in links(listed)
        for link in set(links(listed)):
            assert stranger.get(link).status_code == 200, link

    def test_a_comment_on_a_line_that_is_gone_stays_readable_without_a_dead_link(self, people, office, stranger, out):
        said_of = drafts.say(out, people["provider"], "5.1.1.2.PB", "行ごと消える意見", now=timezone.now())
        ended = drafts.EDITING["end_consultation"](out, people["office"])
        drafts.consult(give(ended, people["office"], RENUMBERED), people["office"])
        listed = stranger.get(edition_page() + "comments/")
        assert "行ごと消える意見" in plain(listed)
        for link in set(links(listed)):
            assert stranger.get(link).status_code == 200, link
        assert "行ごと消える意見" in page(office, f"/criteria/comments/{said_of.pk}/")

    def test_a_comment_on_one_edition_stands_beside_the_line_of_the_next(self, people, stranger, out):
        drafts.say(out, people["provider"], text="前の版への意見", now=timezone.now())
        publish(bring_in(people["office"], "test-2027"), people["office"])
        assert "前の版への意見" in page(stranger, control_page("5.1.1", "test-2027"))


# --- searching ---


class TestSearching:
    """Every word, whatever its width and case; marked where it was found."""

    @pytest.fixture
    def public(self, draft, people):
        return publish(draft, people["office"])

    def found(self, client, query, **more):
        response = client.get("/criteria/search/", {"q": query} | more)
        assert response.status_code == 200
        return response

    @pytest.mark.parametrize(
        ("query", "marked"),
        [
            ("鍵", "鍵"),
            ("暗号", "暗号"),
            ("アクセス", "ｱｸｾｽ"),
            ("ｃＬＯＵＤ", "Ｃｌｏｕｄ"),
            ("keys", "keys"),
            ("5.1.1.2", "5.1.1.2"),
            ("pb", "PB"),
        ],
    )
    @pytest.mark.parametrize("language", ["ja", "en"])
    def test_it_finds_and_marks_short_and_wide_words_in_both_languages(self, people, public, query, marked, language):
        response = self.found(as_person(None, language), query, edition="test-2026")
        assert f"<mark>{marked}</mark>" in main(response)

    def test_every_word_must_stand_in_the_line(self, stranger, public):
        assert "1 line" in plain(self.found(stranger, "鍵 利用者", edition="test-2026"))
        assert "No line holds all these words." in plain(self.found(stranger, "鍵 委託先", edition="test-2026"))

    def test_it_searches_all_editions_or_one(self, stranger, public):
        assert "ismap-2024-07/5.1.1/" in main(self.found(stranger, "5.1.1"))
        only = links(self.found(stranger, "5.1.1", edition="ismap-2022-04"))
        assert {link.split("/")[3] for link in only if "/editions/" in link} == {"ismap-2022-04"}
        assert "No line holds all these words." in plain(self.found(stranger, "5.1.1", edition="nowhere"))

    def test_drafts_are_found_by_the_office_only(self, office, stranger, draft):
        assert "委託先の確認" in plain(self.found(office, "委託先の確認"))
        assert "委託先の確認" not in main(self.found(stranger, "委託先の確認")).partition('id="found"')[2]

    def test_many_hits_go_over_several_pages_that_keep_the_question(self, stranger):
        first = self.found(stranger, "5")
        assert "1 / " in plain(first)
        following = next(link for link in links(first) if "page=2" in link)
        assert "q=5" in following
        second = stranger.get("/criteria/search/" + following)
        assert "2 / " in plain(second)
        assert set(links(first)) & {link for link in links(second) if "/editions/" in link} == set()

    @pytest.mark.parametrize("number", ["0", "-1", "99999", "zwei", ""])
    def test_an_odd_page_number_shows_a_page(self, stranger, number):
        assert "<mark>5</mark>" in main(self.found(stranger, "5", page=number))

    def test_htmx_gets_the_rows_alone(self, stranger):
        response = stranger.get("/criteria/search/", {"q": "5.1.1"}, headers={"HX-Request": "true"})
        fragment = response.content.decode()
        assert "<mark>5.1.1</mark>" in fragment
        assert "<html" not in fragment and "<form" not in fragment

    @pytest.mark.parametrize("query", ["", "   ", "\u3000"])
    def test_without_words_it_asks_for_some(self, stranger, query):
        assert "Type words or a number; width and case do not matter." in plain(self.found(stranger, query))

    def test_more_than_a_hundred_characters_are_not_looked_at(self, stranger, public):
        response = self.found(stranger, "鍵" + " " * 99 + "錠", edition="test-2026")
        assert "<mark>鍵</mark>" in main(response)
        assert 'value="' + "あ" * 100 + '"' in main(self.found(stranger, "あ" * 500))

    @pytest.mark.parametrize("query", ["%", "_", "\\", "''", '"', "a%b", "<b>", "&amp;", "{{ q }}"])
    def test_signs_are_searched_for_as_they_are(self, stranger, query):
        response = self.found(stranger, query)
        assert "No line holds all these words." in plain(response)
        assert f'value="{html.escape(query)}"' in main(response)

    def test_a_control_character_is_refused(self, stranger):
        assert stranger.get("/criteria/search/?q=a%00b").status_code == 400

    def test_a_long_text_is_shown_around_its_hits(self, people, office):
        text = "前" * 300 + "鍵" + "中" * 300 + "鍵" + "後" * 300
        bring_in(people["office"], controls=(line("5.1.1", "方針", text),))
        found = plain(self.found(office, "鍵", edition="test-2026"))
        assert f"…{'前' * 60} 鍵 {'中' * 60}…{'中' * 60} 鍵 {'後' * 60}…" in found
        assert "前" * 61 not in found

    def test_a_long_text_without_a_hit_of_its_own_is_cut(self, people, office):
        bring_in(people["office"], controls=(line("5.1.1", "鍵", "前" * 300),))
        assert f" {'前' * 120}…" in plain(self.found(office, "鍵", edition="test-2026"))

    def test_the_language_that_holds_the_hit_is_shown(self, people, public):
        assert "<mark>Customers</mark>" in main(self.found(as_person(None, "ja"), "customers"))


# --- comparing ---


class TestComparing:
    """The account of two editions: counts, filters, words, and the same as CSV."""

    PAIR = "/criteria/compare/?older=test-2026&newer=test-2027"

    @pytest.fixture
    def pair(self, people):
        old = bring_in(people["office"], "test-2026")
        reworded = (
            line("5.1.1", "暗号の方針", "鍵を守る。", title_en="Policy on cryptography"),
            line("5.1.1.1", "鍵の保管", "暗号鍵は、ｱｸｾｽ制御された金庫に保管する。"),
            line("12.2.1", "委託先の確認", earlier=("12.1.1",)),
            line("12.2.2", "新しい行"),
        )
        new = bring_in(people["office"], "test-2027", controls=reworded)
        return publish(old, people["office"]), publish(new, people["office"])

    def test_it_asks_for_two_editions(self, stranger, pair):
        assert "Choose two editions." in page(stranger, "/criteria/compare/")
        assert "Choose two editions." in page(stranger, "/criteria/compare/", older="test-2026")
        assert "These are the same edition." in page(
            stranger, "/criteria/compare/", older="test-2026", newer="test-2026"
        )

    def test_an_unknown_edition_is_not_there(self, stranger, pair):
        for query in ("older=nowhere", "older=test-2026&newer=nowhere", "older=nowhere&newer=test-2026"):
            assert stranger.get(f"/criteria/compare/?{query}").status_code == 404
            assert stranger.get(f"/criteria/compare/table/?{query}").status_code == 404
        assert stranger.get("/criteria/compare/table/?older=test-2026").status_code == 404

    def test_it_counts_changes_and_what_they_ask_of_a_statement(self, stranger, pair):
        found = page(stranger, self.PAIR)
        assert "Reworded 2 Renumbered 1 New 1 Withdrawn 1" in found
        assert "Carried over as it is 1 Needs review 2 To be answered anew 1 Drops out 1" in found

    def test_every_line_stands_with_its_change(self, stranger, pair):
        rows = [strip(row) for row in re.findall(r"<tr>(.*?)</tr>", main(stranger.get(self.PAIR)), re.DOTALL)]
        body = [row for row in rows if re.match(r"Reworded|Renumbered|New|Withdrawn", row)]
        assert [re.sub(r" .*?(\d+\.\d+\S*).*", r" \1", row) for row in body] == [
            "Reworded 5.1.1",
            "Reworded 5.1.1.1",
            "Withdrawn 5.1.1.2.PB",
            "Renumbered 12.1.1",
            "New 12.2.2",
        ]

    def test_words_that_went_and_came_are_marked(self, people, pair):
        found = main(as_person(None, "ja").get(self.PAIR))
        assert "<del>管理</del><ins>保管</ins>" in found
        assert "制御された<del>装置</del><ins>金庫</ins>に保管する。" in found

    def test_a_change_of_class_is_shown_as_words(self, people, stranger, pair):
        classed = rules.classed(LINES, drafts.EVERYTHING_EXCLUDABLE)
        publish(bring_in(people["office"], "test-2028", controls=classed), people["office"])
        found = main(stranger.get("/criteria/compare/?older=test-2026&newer=test-2028"))
        assert "<del>Selectable; a reason if left out</del> → <ins>May be excluded with a reason</ins>" in found

    def test_it_filters_by_change_and_by_words(self, stranger, pair):
        only = page(stranger, self.PAIR + "&change=new")
        assert "12.2.2" in only and "5.1.1.1" not in only
        assert "5.1.1.1" in page(stranger, self.PAIR + "&q=ｱｸｾｽ")
        assert "No line fits." in page(stranger, self.PAIR + "&q=ありません")
        assert "No line fits." in page(stranger, self.PAIR + "&change=new&q=鍵")
        assert "5.1.1.1" in page(stranger, self.PAIR + "&change=nonsense")

    def test_unchanged_lines_are_shown_when_asked_for(self, stranger, pair, people):
        publish(bring_in(people["office"], "test-2028"), people["office"])
        same = "/criteria/compare/?older=test-2026&newer=test-2028"
        assert "No line fits." in page(stranger, same)
        assert "Unchanged 4" in page(stranger, same)
        assert "5.1.1.2.PB" in page(stranger, same + "&change=unchanged")

    def test_the_table_holds_the_whole_account(self, people, pair):
        response = as_person(None, "ja").get("/criteria/compare/table/?older=test-2026&newer=test-2027")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == 'attachment; filename="test-2026-to-test-2027.csv"'
        rows = response.content.decode("utf-8-sig").split("\r\n")
        assert rows[0] == "before,after,change,statement,title_before,title_after,text_before,text_after"
        assert rows[1] == "5.1.1,5.1.1,文言の変更,見直しが要る,暗号の方針,暗号の方針,,鍵を守る。"
        assert rows[3].startswith("5.1.1.2.PB,,廃止,不要になる,Ｃｌｏｕｄの鍵,,")
        assert len([row for row in rows if row]) == 6

    def test_lines_matched_by_a_mapping_name_the_set(self, people, stranger, pair):
        drafts.load(people["office"], rows=(MappingFacts("5.1.1.2.PB", "12.2.2", Relation.EQUAL, Confidence.HIGH),))
        found = page(stranger, self.PAIR)
        assert "Lines were also matched by: 試験の対応表" in found
        assert "Withdrawn" not in found

    def test_a_set_that_comes_from_a_draft_is_not_named(self, people, stranger, office, pair):
        bring_in(people["office"], "test-secret")
        drafts.load(
            people["office"], set_id="secret-set", source="test-secret", target="test-2027", title_ja="秘密の表"
        )
        assert "秘密の表" not in page(stranger, self.PAIR)
        assert "秘密の表" in page(office, self.PAIR)

    def test_long_accounts_go_over_several_pages(self, stranger):
        path = "/criteria/compare/?older=ismap-2024-07&newer=ismap-r7-draft"
        first = stranger.get(path)
        assert "1 / " in plain(first)
        assert "unverified or incomplete" in plain(first)
        following = next(link for link in links(first) if "page=2" in link)
        assert "older=ismap-2024-07" in following and "newer=ismap-r7-draft" in following
        assert stranger.get("/criteria/compare/" + following).status_code == 200


# --- mapping sets ---


class TestMappingSets:
    """Their rows, whether they hold, their files, and loading them."""

    PATH = "/criteria/mappings/test-set/"
    SENT = {"id": "test-set", "title_ja": "対応表", "title_en": "A set", "source": "test-2026", "target": "test-2027",
            "authority": "試験をした人", "is_unverified": "on"}  # fmt: skip

    @pytest.fixture
    def pair(self, people):
        old = bring_in(people["office"], "test-2026")
        new = bring_in(people["office"], "test-2027")
        return publish(old, people["office"]), publish(new, people["office"])

    @pytest.fixture
    def loaded(self, pair, people):
        rows = (
            MappingFacts("5.1.1", "5.1.1", Relation.EQUAL, Confidence.HIGH, "同じ文"),
            MappingFacts("5.1.1.1", "5.1.1.2.PB", Relation.SUBSET, Confidence.LOW),
            MappingFacts("12.1.1", "", Relation.NONE, Confidence.MEDIUM),
        )
        return drafts.load(people["office"], rows=rows)

    def test_it_shows_its_rows_and_what_is_left_over(self, stranger, loaded):
        found = page(stranger, self.PATH)
        assert "5.1.1 Policy on cryptography equal to 5.1.1 Policy on cryptography high 同じ文" in found
        assert "5.1.1.1 鍵の管理 subset of 5.1.1.2.PB Ｃｌｏｕｄの鍵 low" in found
        assert "12.1.1 委託先の確認 no correspondence – medium" in found
        told = facts(stranger.get(self.PATH))
        assert told["Status"] == "In use unverified"
        assert told["Who says so"] == "試験をした人"
        assert told["Lines of the first that nothing corresponds to"].endswith("5.1.1.2.PB")
        assert told["Lines of the second that nothing leads to"].endswith("5.1.1.1 12.1.1")

    def test_it_filters_by_relation(self, stranger, loaded):
        only = page(stranger, self.PATH, relation="subset")
        assert "5.1.1.1 鍵の管理 subset of" in only and "no correspondence –" not in only
        assert "no correspondence –" in page(stranger, self.PATH, relation="nonsense")

    def test_every_link_of_it_leads_somewhere(self, stranger, loaded):
        response = stranger.get(self.PATH)
        for link in set(links(response)):
            assert stranger.get(self.PATH + link if link.startswith("?") else link).status_code == 200, link

    def test_it_is_flagged_once_its_target_is_superseded_and_says_which_targets_dangle(self, people, stranger, loaded):
        assert "superseded" not in page(stranger, self.PATH)
        draft = bring_in(people["office"], "test-2028", controls=RENUMBERED, predecessor="test-2027")
        assert "superseded" not in page(stranger, self.PATH)
        publish(draft, people["office"])
        found = page(stranger, self.PATH)
        assert "It leads to an edition that was superseded" in found
        assert "2 targets are called otherwise now, or are gone 5.1.1 → 6.1.1 5.1.1.2.PB → gone" in found
        assert "leads to a superseded edition" in page(stranger, SHELF)

    def test_a_set_to_a_draft_that_changed_says_that_it_is_not_used(self, people, office):
        draft = bring_in(people["office"], "test-2026")
        bring_in(people["office"], "test-2027")
        drafts.load(people["office"])
        give(draft, people["office"], LINES[:2])
        assert "One of its editions was a draft and has other content now." in page(office, self.PATH)

    @pytest.mark.parametrize(
        ("form", "suffix", "kind"),
        [
            ("csv", "csv", "text/csv; charset=utf-8"),
            ("oscal-json", "json", "application/json"),
            ("oscal-yaml", "yaml", "application/yaml"),
        ],
    )
    def test_its_file_is_an_attachment_that_can_be_loaded_again(self, people, office, loaded, form, suffix, kind):
        response = as_person(None).get(f"{self.PATH}export/{form}/")
        assert response["Content-Type"] == kind
        assert response["Content-Disposition"] == f'attachment; filename="test-set.{suffix}"'
        sent = self.SENT | {"id": "test-again", "file": upload(response.content, f"set.{suffix}")}
        again = office.post("/criteria/load-mapping/", sent)
        assert (again.status_code, again.url) == (302, "/criteria/mappings/test-again/")
        both = [queries.mapping_rows(MappingSet.objects.get(pk=name)) for name in ("test-set", "test-again")]
        assert both[0] == both[1]

    def test_a_form_that_a_set_does_not_have_is_not_there(self, stranger, loaded):
        for form in ("xlsx", "pdf", "oscal-profile-json"):
            assert stranger.get(f"{self.PATH}export/{form}/").status_code == 404

    def test_the_office_withdraws_it(self, office, stranger, loaded):
        assert offered(office.get(self.PATH)) == ["withdraw"]
        assert offered(stranger.get(self.PATH)) == []
        response = office.post(f"{self.PATH}act/withdraw/", {"version": loaded.version})
        assert (response.status_code, response.url) == (302, self.PATH)
        assert facts(stranger.get(self.PATH))["Status"] == "Withdrawn unverified"
        assert offered(office.get(self.PATH)) == []
        assert office.post(f"{self.PATH}act/withdraw/", {"version": "1"}).status_code == 409

    def test_an_act_without_a_version_shows_the_page_again(self, office, loaded):
        assert office.post(f"{self.PATH}act/withdraw/", {}).status_code == 422
        assert office.post(f"{self.PATH}act/explode/", {"version": "1"}).status_code == 404

    def test_the_office_loads_a_set_from_a_table(self, office, pair):
        assert page(office, "/criteria/load-mapping/").startswith("Criteria Load a mapping set")
        response = office.post("/criteria/load-mapping/", self.SENT | {"file": upload(ROWS, "対応.csv")})
        assert (response.status_code, response.url) == (302, self.PATH)
        loaded = MappingSet.objects.get(pk="test-set")
        assert (loaded.is_unverified, loaded.original.name) == (True, "対応.csv")
        assert kept(loaded.original) == ROWS.encode()

    def test_loading_the_same_again_changes_nothing_and_other_rows_under_its_id_are_refused(self, office, pair):
        for _ in range(2):
            response = office.post("/criteria/load-mapping/", self.SENT | {"file": upload(ROWS)})
            assert response.status_code == 302
        assert acts_of(MappingSet.objects.get(pk="test-set")) == ["criteria.load"]
        other = office.post("/criteria/load-mapping/", self.SENT | {"file": upload(ROWS.replace("equal", "subset"))})
        assert other.status_code == 409
        assert said("criteria.mapping_id_taken") in html.unescape(main(other))

    @pytest.mark.parametrize(
        ("table", "problems"),
        [
            ("source,target\r\n5.1.1,5.1.1\r\n", ["criteria.no_mappings"]),
            (ROWS + "5.1.1.1,5.1.1.1,alike,high,\r\n", ["C3 “alike” is not a known value of relation"]),
            (ROWS + "9.9.9,5.1.1,equal,high,\r\n", ["source 9.9.9 The source edition has no 9.9.9."]),
            (ROWS + "5.1.1.1,9.9.9,equal,high,\r\n", ["target 5.1.1.1 The target edition has no “9.9.9”."]),
            (ROWS + "5.1.1,5.1.1,equal,high,\r\n", ["criteria.mapped_twice"]),
            (ROWS + "5.1.1.1,5.1.1,none,high,\r\n", ["criteria.target_with_none"]),
            ("", ["core.file_empty"]),
            (XLS, ["exchange.old_format"]),
        ],
        ids=["no relation", "a wrong word", "an unknown source", "an unknown target", "twice", "none with a target",
             "empty", "an old workbook"],
    )  # fmt: skip
    def test_a_set_with_a_problem_names_it_and_writes_nothing(self, office, pair, table, problems):
        before = (*written(), StoredFile.objects.count())
        response = office.post("/criteria/load-mapping/", self.SENT | {"file": upload(table)})
        found = plain(response, 422)
        for one in problems:
            if one == "core.file_empty":
                assert "empty" in found
            else:
                assert (said(one) if one in texts() else one) in found
        assert (*written(), StoredFile.objects.count()) == before

    def test_every_row_with_a_problem_is_told_with_its_number(self, office, pair):
        table = ROWS + "".join(f"5.1.1,9.9.{row},equal,high,\r\n" for row in range(1, 31))
        found = plain(office.post("/criteria/load-mapping/", self.SENT | {"file": upload(table)}), 422)
        assert "Nothing was written" in found
        assert found.count("The target edition has no") == 30

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"id": ""}, "id"),
            ({"id": "Ismap!"}, "id"),
            ({"title_ja": ""}, "title_ja"),
            ({"title_ja": "あ" * 201}, "title_ja"),
            ({"authority": " "}, "authority"),
            ({"source": ""}, "source"),
            ({"source": "nowhere"}, "source"),
            ({"target": "nowhere"}, "target"),
            ({"file": ""}, "file"),
        ],
    )
    def test_a_bad_field_is_named_beside_it(self, office, pair, changed, field):
        before = written()
        response = office.post("/criteria/load-mapping/", self.SENT | {"file": upload(ROWS)} | changed)
        assert response.status_code == 422
        assert f'id="id_{field}_error"' in main(response)
        assert written() == before

    def test_a_file_beyond_the_limit_is_refused(self, office, pair, settings):
        settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"bytes": 20}
        response = office.post("/criteria/load-mapping/", self.SENT | {"file": upload(ROWS)})
        assert said("exchange.too_large") in plain(response, 422)
        assert not StoredFile.objects.exists()

    def test_an_unknown_field_is_refused(self, office, pair):
        response = office.post("/criteria/load-mapping/", self.SENT | {"file": upload(ROWS), "status": "in_use"})
        assert "status" in plain(response, 422)
        assert not MappingSet.objects.filter(pk="test-set").exists()


# --- files ---


class TestFiles:
    """An edition in six forms."""

    @pytest.fixture
    def public(self, draft, people):
        return publish(draft, people["office"])

    @pytest.mark.parametrize(
        ("form", "name", "kind"),
        [
            ("csv", "test-2026.csv", "text/csv; charset=utf-8"),
            ("xlsx", "test-2026.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("oscal-json", "test-2026.json", "application/json"),
            ("oscal-yaml", "test-2026.yaml", "application/yaml"),
            ("oscal-profile-json", "test-2026.profile.json", "application/json"),
            ("oscal-profile-yaml", "test-2026.profile.yaml", "application/yaml"),
        ],
    )
    def test_each_is_an_attachment_with_its_name_and_type(self, stranger, public, form, name, kind):
        response = stranger.get(f"{edition_page()}export/{form}/")
        assert response.status_code == 200
        assert response["Content-Type"] == kind
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response.content == stranger.get(f"{edition_page()}export/{form}/").content

    @pytest.mark.parametrize("form", ["csv", "xlsx", "oscal-json", "oscal-yaml"])
    @pytest.mark.parametrize("edition_id", ["test-2026", "ismap-2022-04", "ismap-r7-draft"])
    def test_it_comes_in_again_with_the_same_hash(self, office, stranger, public, form, edition_id):
        content = stranger.get(f"{edition_page(edition_id)}export/{form}/").content
        checked = office.post("/criteria/import/", NOTHING | {"file": upload(content, "again")})
        assert checked.status_code == 200, plain(checked, checked.status_code)[:500]
        assert Edition.objects.get(pk=edition_id).content_hash in plain(checked)

    def test_an_unknown_form_is_not_there(self, stranger, public):
        for form in ("pdf", "CSV", "oscal"):
            assert stranger.get(f"{edition_page()}export/{form}/").status_code == 404

    def test_the_profile_asks_for_what_must_be_stated(self, stranger, public):
        profile = json.loads(stranger.get(f"{edition_page()}export/oscal-profile-json/").content)
        assert set(profile) == {"profile"}

    def test_a_table_carries_no_live_formula(self, people, stranger, office):
        signs = ("=1+1", "+1", "-1", "@SUM(A1)", "＝1+1")
        lines = (line("5.1.1", "=cmd", "=1+1"), *(line(f"5.1.1.{n}", sign, sign) for n, sign in enumerate(signs, 1)))
        publish(bring_in(people["office"], controls=lines), people["office"])
        publish(bring_in(people["office"], "test-2027", controls=lines[:2]), people["office"])
        for path in (f"{edition_page()}export/csv/", "/criteria/compare/table/?older=test-2026&newer=test-2027"):
            table = stranger.get(path).content.decode("utf-8-sig")
            assert "=1+1" in table
            assert re.search(r"(?:^|[,\"\n])[=+\-@＝]", table) is None
        with zipfile.ZipFile(io.BytesIO(stranger.get(f"{edition_page()}export/xlsx/").content)) as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


# --- bringing an edition in ---


def workbook(*sheets):
    """An XLSX file of these sheets: name, rows."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, rows in sheets:
            page = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    page.write_string(row, column, cell)
    return target.getvalue()


GOOD = [row.split(",") for row in TABLE.split("\r\n") if row]


def bomb():
    """A workbook whose sheet unpacks to a gigabyte's beginning."""
    source = io.BytesIO(workbook(("管理策基準", GOOD)))
    target = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</worksheet>", b" " * 250_000_000 + b"</worksheet>")
            new.writestr(name, content)
    return target.getvalue()


class TestImporting:
    """Check the file, read the report, confirm without sending it again."""

    PATH = "/criteria/import/"

    def check(self, client, content, name="criteria.csv", **changed):
        return client.post(self.PATH, NOTHING | {"file": upload(content, name)} | changed)

    @staticmethod
    def token(response):
        found = re.search(r'name="upload"[^>]*value="([^"]+)"', main(response))
        return html.unescape(found[1]) if found else None

    @staticmethod
    def may_confirm(response):
        return 'name="confirm" value="1"' in main(response).partition('<p class="buttons">')[2]

    def confirm(self, client, checked, **changed):
        return client.post(self.PATH, NOTHING | {"upload": self.token(checked), "confirm": "1"} | changed)

    def test_the_form_is_empty_at_first(self, office):
        response = office.get(self.PATH)
        assert plain(response).startswith("Criteria Import an edition First the file is checked")
        assert not self.may_confirm(response)
        assert "Report on the file" not in plain(response)

    def test_a_file_is_checked_reported_and_nothing_is_written_but_the_file(self, office):
        before = written()
        response = self.check(office, TABLE, "別表.csv")
        found = plain(response)
        assert "Report on the file 別表.csv" in found
        assert "3 lines can be taken, without a problem." in found
        assert "Controls B 0 · PB 1 · P 0 1 2" in found
        assert "5.1.1.1 Detailed control 鍵の管理 鍵を守る。 Selectable" in found
        assert self.may_confirm(response)
        assert written() == before
        stored = StoredFile.objects.get()
        assert (stored.name, kept(stored)) == ("別表.csv", TABLE.encode())

    def test_it_is_confirmed_without_sending_the_file_again(self, office, people):
        checked = self.check(office, TABLE, "別表.csv", title_en="Criteria of 2026", is_incomplete="on")
        response = self.confirm(office, checked, title_en="Criteria of 2026", is_incomplete="on")
        assert (response.status_code, response.url) == (302, edition_page("ismap-2026-04"))
        made = Edition.objects.get(pk="ismap-2026-04")
        assert (made.status, made.title_en, made.source, made.is_incomplete) == (
            "draft", "Criteria of 2026", "別表.csv", True,
        )  # fmt: skip
        assert made.original == StoredFile.objects.get()
        assert made.controls.count() == 3
        assert acts_of(made) == ["criteria.import"]
        assert "Draft incomplete" in page(office, edition_page("ismap-2026-04"))
        assert offered(office.get(edition_page("ismap-2026-04"))) == ["publish", "classify", "consult", "discard"]

    def test_a_workbook_is_read_and_what_was_left_aside_is_named(self, office):
        content = workbook(("表紙", [["管理基準"]]), ("管理策基準", GOOD), ("対応表", [["5.1.1", "5.1"]]))
        found = plain(self.check(office, content, "別表.xlsx"))
        assert "3 lines can be taken" in found
        assert "Sheets left aside 表紙, 対応表" in found

    def test_the_change_to_the_predecessor_is_counted(self, office, people):
        publish(bring_in(people["office"]), people["office"])
        found = plain(self.check(office, TABLE, predecessor="test-2026"))
        assert "Against test-2026 Reworded 3 Withdrawn 1" in found
        assert "Against" not in plain(self.check(office, TABLE))

    def test_it_follows_its_predecessor_once_imported(self, office, people):
        publish(bring_in(people["office"]), people["office"])
        self.confirm(office, self.check(office, TABLE, predecessor="test-2026"), predecessor="test-2026")
        assert Edition.objects.get(pk="ismap-2026-04").predecessor_id == "test-2026"

    @pytest.mark.parametrize(
        ("content", "place"),
        [
            (workbook(("管理策", [*GOOD, ["五の一", "管理策基準", "統制目標", "x", "y"]])), "管理策!A5"),
            (workbook(("管理策", [*GOOD, ["5.1.1.1", "管理策基準", "詳細管理策", "x", "y"]])), "管理策!A5 5.1.1.1"),
            (TABLE + "5.1.1.3.X,管理策基準,詳細管理策,x,y\r\n", "A5"),
            (TABLE + "7.7.7.1,管理策基準,詳細管理策,x,y\r\n", "A5 7.7.7.1"),
        ],
        ids=["no number", "twice", "an unknown mark", "no objective"],
    )
    def test_a_problem_is_told_with_its_place_and_cannot_be_confirmed(self, office, content, place):
        before = written()
        response = self.check(office, content)
        found = plain(response, 422)
        assert "1 problem: nothing was written" in found
        assert f"1 problem: nothing was written {place} " in found
        assert not self.may_confirm(response)
        forged = self.confirm(office, response)
        assert forged.status_code == 422
        assert written() == before

    def test_of_very_many_problems_the_first_are_shown_and_how_many_more(self, office):
        rows = "".join(f"9.9.9.{row % 99 + 1},管理策基準,詳細管理策,x,y\r\n" for row in range(250))
        found = plain(self.check(office, TABLE + rows), 422)
        assert re.search(r"\d+ problems: nothing was written", found)
        assert re.search(r"and \d+ more", found)

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (XLS, "exchange.old_format"),
            (OLE + "EncryptedPackage".encode("utf-16-le"), "exchange.encrypted"),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40), "exchange.not_a_table"),
            (TABLE.encode("utf-16"), "exchange.encoding"),
            ("", "empty"),
            ("ただの文\r\n", "criteria.no_controls"),
            (b'{"catalog": ', None),
            (b"PK\x03\x04 no archive", "exchange.broken"),
        ],
        ids=["xls", "a password", "png", "utf-16", "empty", "a sentence", "broken json", "a broken archive"],
    )
    def test_what_cannot_be_read_is_refused_with_a_reason(self, office, content, code):
        before = written()
        response = self.check(office, content, "criteria.xlsx")
        found = plain(response, 422)
        assert (code == "empty" and "empty" in found) or code is None or said(code) in found
        assert not self.may_confirm(response)
        assert written() == before

    def test_a_bomb_is_refused_by_what_it_unpacks_to(self, office):
        content = bomb()
        assert len(content) < 1_000_000
        assert said("exchange.unpacks_too_large") in plain(self.check(office, content, "bomb.xlsx"), 422)

    @pytest.mark.parametrize("limit", ["bytes", "stored"])
    def test_a_file_beyond_the_limits_is_refused(self, office, settings, limit):
        settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"bytes": 100}
        if limit == "stored":
            settings.FILE_LIMIT = 100
        response = self.check(office, TABLE)
        assert said("exchange.too_large") in plain(response, 422)
        assert StoredFile.objects.count() == (0 if limit == "stored" else 1)

    def test_a_file_of_a_hundred_megabytes_is_refused(self, office):
        response = self.check(office, b"5.1.1,x\r\n" * (100 * 2**20 // 9))
        assert said("exchange.too_large") in plain(response, 422)
        assert not StoredFile.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"id": ""}, "id"),
            ({"id": "ISMAP 2026"}, "id"),
            ({"id": "a" * 65}, "id"),
            ({"title_ja": " "}, "title_ja"),
            ({"title_ja": "あ" * 201}, "title_ja"),
            ({"title_en": "x\u202ey"}, "title_en"),
            ({"source": "x" * 501}, "source"),
            ({"published_on": ""}, "published_on"),
            ({"published_on": "2026-02-30"}, "published_on"),
            ({"predecessor": "nowhere"}, "predecessor"),
            ({"reading": "1999"}, "reading"),
            ({"reading": ""}, "reading"),
            ({"map": "columns = ["}, "map"),
            ({"map": 'colour = "red"'}, "map"),
            ({"map": '[columns]\nnumber = "ZZ"'}, None),
            ({"upload": "", "file": ""}, "file"),
        ],
    )
    def test_a_bad_field_is_named_beside_it_and_nothing_is_imported(self, office, changed, field):
        response = self.check(office, TABLE, **changed, confirm="1")
        assert response.status_code == 422
        assert field is None or f'id="id_{field}_error"' in main(response)
        assert not Edition.objects.filter(pk="ismap-2026-04").exists()

    def test_an_empty_form_is_refused_field_by_field(self, office):
        response = office.post(self.PATH, {"confirm": "1"})
        assert response.status_code == 422
        assert {"published_on", "reading"} <= set(re.findall(r'id="id_(\w+)_error"', main(response)))

    def test_an_unknown_field_is_refused(self, office):
        assert "status" in plain(self.check(office, TABLE, status="published"), 422)
        assert not StoredFile.objects.exists()

    def test_a_file_in_another_place_is_refused(self, office):
        response = office.post(self.PATH, NOTHING | {"map": upload(TABLE)})
        assert response.status_code == 422

    def test_a_map_reads_an_unusual_layout(self, office):
        table = "い,ろ,は\r\n方針,文,5.1.1\r\n"
        map_ = 'first_row = 2\n[columns]\nnumber = "C"\ntitle_ja = "A"\ntext_ja = "B"'
        checked = self.check(office, table, map=map_)
        assert "5.1.1 Control objective 方針 文" in plain(checked)
        assert self.confirm(office, checked, map=map_).status_code == 302

    def test_a_forged_or_expired_name_of_a_kept_file_is_no_file(self, office, people):
        checked = self.check(office, TABLE)
        forged = ["x", self.token(checked)[:-1] + "!", signing.dumps([StoredFile.objects.get().pk, None])]
        for token in forged:
            response = office.post(self.PATH, NOTHING | {"upload": token, "confirm": "1"})
            assert response.status_code == 422
            assert 'id="id_file_error"' in main(response)
        assert not Edition.objects.filter(pk="ismap-2026-04").exists()

    def test_a_kept_file_is_forgotten_after_a_day(self, office, monkeypatch):
        checked = self.check(office, TABLE)
        later = timezone.now().timestamp() + 86_401
        monkeypatch.setattr("django.core.signing.time.time", lambda: later)
        response = office.post(self.PATH, NOTHING | {"upload": self.token(checked)})
        assert 'id="id_file_error"' in main(response)
        assert response.status_code == 422

    def test_only_what_was_reported_can_be_confirmed(self, office):
        checked = self.check(office, TABLE)
        first = self.check(office, TABLE, confirm="1")
        exchanged = self.confirm(office, checked, file=upload(TABLE.replace("鍵を守る", "鍵を捨てる")))
        reread = self.confirm(office, checked, reading="r7-selection")
        for response in (first, exchanged, reread):
            assert "Report on the file" in plain(response)
            assert self.may_confirm(response)
        assert not Edition.objects.filter(pk="ismap-2026-04").exists()
        assert self.confirm(office, reread, reading="r7-selection").status_code == 302

    def test_an_id_that_is_taken_is_refused(self, office, people):
        bring_in(people["office"], "ismap-2026-04")
        response = self.check(office, TABLE)
        assert 'id="id_id_error"' in main(response)
        assert said("criteria.id_taken") in plain(response, 422)
        assert Edition.objects.get(pk="ismap-2026-04").controls.count() == 4

    def test_a_discarded_draft_cannot_be_followed(self, office, people):
        drafts.EDITING["discard"](bring_in(people["office"]), people["office"])
        response = self.check(office, TABLE, predecessor="test-2026")
        assert response.status_code == 422
        assert 'id="id_predecessor_error"' in main(response)

    @pytest.mark.parametrize("language", ["ja", "en"])
    def test_the_report_speaks_the_readers_language(self, people, language):
        words = {"ja": "7.7.7 がありません", "en": "has no control objective 7.7.7"}[language]
        response = self.check(as_person("office", language), TABLE + "7.7.7.1,管理策基準,詳細管理策,x,y\r\n")
        assert words in plain(response, 422)


# --- a draft's life ---


class TestADraft:
    """Replaced, classed, put out, ended, published, discarded: by the office, from its page."""

    @staticmethod
    def do(client, act, edition, **values):
        sent = {"version": str(edition.version)} | {f"{act}-{name}": value for name, value in values.items()}
        return client.post(f"{edition_page(edition.pk)}act/{act}/", sent)

    def test_its_content_is_replaced_from_a_file(self, office, draft):
        path = edition_page() + "replace/"
        assert path in links(office.get(edition_page()))
        assert page(office, path).startswith("Criteria › test-2026 Replace the content of a draft")
        sent = {"map": ""}
        checked = office.post(path, sent | {"file": upload(TABLE, "次.csv")})
        assert "Against test-2026 Reworded 3 Withdrawn 1" in plain(checked)
        assert draft.controls.count() == 4
        sent |= {"upload": TestImporting.token(checked), "confirm": "1"}
        response = office.post(path, sent)
        assert (response.status_code, response.url) == (302, edition_page())
        assert draft.controls.count() == 3
        assert acts_of(draft) == ["criteria.import", "criteria.replace"]

    def test_the_file_it_came_from_is_there_for_the_office_alone(self, office, provider, draft):
        kept = edition_page() + "original/"
        assert kept not in links(office.get(edition_page()))
        checked = office.post(edition_page() + "replace/", {"file": upload(TABLE, "次.csv")})
        office.post(edition_page() + "replace/", {"upload": TestImporting.token(checked), "confirm": "1"})
        assert kept in links(office.get(edition_page()))
        response = office.get(kept)
        assert b"".join(response) == upload(TABLE).read()
        assert response["Content-Disposition"].startswith("attachment;")
        assert provider.get(kept).status_code == 404

    def test_a_bad_file_replaces_nothing(self, office, draft):
        response = office.post(edition_page() + "replace/", {"file": upload("x,y\r\n")})
        assert said("criteria.no_controls") in plain(response, 422)
        assert draft.controls.count() == 4

    def test_what_is_published_cannot_be_replaced(self, office, draft, people):
        checked = office.post(edition_page() + "replace/", {"file": upload(TABLE)})
        token = TestImporting.token(checked)
        publish(draft, people["office"])
        response = office.post(edition_page() + "replace/", {"upload": token, "confirm": "1"})
        assert response.status_code == 409
        assert draft.controls.count() == 4

    def test_the_classes_are_set_with_the_form(self, office, draft):
        chosen = dict.fromkeys(("governance", "management", "objectives", "marked", "details"), "excludable")
        response = self.do(office, "classify", draft, **chosen)
        assert (response.status_code, response.url) == (302, edition_page())
        assert "May be excluded with a reason – – 4 4" in page(office, edition_page())

    def test_the_form_shows_the_classes_as_they_are(self, office, draft):
        chosen = re.findall(r'<option value="(\w+)" selected', main(office.get(edition_page())))
        assert chosen == ["mandatory", "mandatory", "excludable", "with_objective", "selectable"]

    def test_a_class_that_is_none_is_refused_beside_its_field(self, office, draft):
        response = self.do(office, "classify", draft, governance="perhaps")
        assert response.status_code == 422
        assert 'id="id_classify-governance_error"' in main(response)
        assert 'id="id_classify-details_error"' in main(response)
        assert acts_of(draft) == ["criteria.import"]

    def test_it_is_put_out_for_comment_and_closed_again(self, office, stranger, draft):
        day = (tokyo_date(timezone.now()) + timedelta(days=7)).isoformat()
        assert self.do(office, "consult", draft, until=day).status_code == 302
        assert f"This draft is out for comment until {day} ." in page(stranger, edition_page())
        draft.refresh_from_db()
        assert offered(office.get(edition_page())) == ["end_consultation"]
        assert self.do(office, "end_consultation", draft).status_code == 302
        assert stranger.get(edition_page()).status_code == 404

    @pytest.mark.parametrize("day", ["", "2020-01-01", "tomorrow"])
    def test_a_last_day_that_is_missing_past_or_none_is_refused(self, office, draft, day):
        response = self.do(office, "consult", draft, until=day)
        assert response.status_code == 422
        assert 'id="id_consult-until_error"' in main(response)
        assert acts_of(draft) == ["criteria.import"]

    def test_it_is_published_and_then_offers_no_act(self, office, stranger, draft):
        assert self.do(office, "publish", draft, on="2026-04-01").status_code == 302
        response = office.get(edition_page())
        assert offered(response) == []
        assert facts(stranger.get(edition_page()))["Day it bears"] == "2026-04-01"
        for act in ("publish", "classify", "consult", "discard", "end_consultation"):
            draft.refresh_from_db()
            values = {"on": "2026-04-01", "until": "2099-01-01"} | dict.fromkeys(
                ("governance", "management", "objectives", "marked", "details"), "mandatory"
            )
            wanted = {"publish": ["on"], "consult": ["until"], "classify": list(values)[2:]}.get(act, [])
            again = self.do(office, act, draft, **{name: values[name] for name in wanted})
            assert again.status_code == 409, act
        assert acts_of(draft) == ["criteria.import", "criteria.publish"]

    def test_it_is_discarded_and_gone(self, office, draft):
        response = self.do(office, "discard", draft)
        assert (response.status_code, response.url) == (302, SHELF)
        assert office.get(edition_page()).status_code == 404
        assert "An edition for tests" not in page(office, SHELF)

    @pytest.mark.parametrize(("act", "values"), [("publish", {"on": "2026-04-01"}), ("discard", {})])
    def test_a_stale_page_is_told_what_happened(self, office, people, draft, act, values):
        seen = draft.version
        give(draft, people["office"], RENUMBERED)
        draft.version = seen
        response = self.do(office, act, draft, **values)
        assert "What happened meanwhile" in plain(response, 409)
        assert "Replace the content" in plain(response, 409)
        assert Edition.objects.get(pk="test-2026").status == "draft"

    def test_an_act_that_does_not_exist_or_lacks_its_version_is_refused(self, office, draft):
        assert self.do(office, "explode", draft).status_code == 404
        assert self.do(office, "install", draft).status_code == 404
        assert office.post(f"{edition_page()}act/discard/", {}).status_code == 422
        assert self.do(office, "discard", draft, reason="x").status_code == 422

    def test_nobody_else_is_offered_an_act(self, out):
        for key in (None, "provider", "auditor", "reviewer", "decider", "buyer"):
            response = as_person(key).get(edition_page())
            assert offered(response) == []
            assert "/replace/" not in main(response)


# --- what somebody typed is text, whatever it looks like ---


class TestEscaping:
    """Titles, texts, sources, comments and answers that look like markup are shown as they were typed."""

    @pytest.fixture
    def hostile(self, people):
        """An edition, its follower, a comment, an answer and a mapping set, all full of markup."""
        said = {"title_ja": SCRIPT, "title_en": SCRIPT, "source": f'"{SCRIPT}'}
        lines = (
            line("5.1.1", SCRIPT, f"{SCRIPT} <b>鍵</b> \"'", title_en=SCRIPT, base=SCRIPT),
            line("5.1.1.1", "<b>鍵</b>", "{{ edition }} {% csrf_token %}"),
        )
        clauses = {"5": (SCRIPT, SCRIPT)}
        office = people["office"]
        until = tokyo_date(timezone.now()) + timedelta(days=7)
        old = publish(bring_in(office, "test-2025", lines, clauses, **said), office)
        changed = (line("5.1.1", f"{SCRIPT}!", f"{SCRIPT} <b>錠</b> \"'", base=SCRIPT), lines[1])
        new = drafts.consult(bring_in(office, "test-2026", changed, clauses, predecessor=old.pk, **said), office, until)
        comment = drafts.say(new, people["provider"], text=f"意見 {SCRIPT}", now=timezone.now())
        actions.answer(comment=comment, answer=f"回答 {SCRIPT}", actor=office, now=timezone.now())
        rows = (MappingFacts("5.1.1", "5.1.1", Relation.EQUAL, Confidence.HIGH, SCRIPT),)
        drafts.load(
            office, rows, source="test-2025", target="test-2026", title_ja=SCRIPT, title_en=SCRIPT, authority=SCRIPT
        )
        return comment

    @pytest.mark.parametrize("language", ["ja", "en"])
    def test_no_page_of_the_criteria_lets_markup_through(self, people, hostile, language):
        paths = (
            SHELF,
            edition_page(),
            edition_page("test-2025"),
            edition_page() + "print/",
            edition_page() + "comments/",
            edition_page() + "replace/",
            control_page("5.1.1"),
            control_page("5.1.1", "test-2025"),
            f"/criteria/comments/{hostile.pk}/",
            "/criteria/search/?q=script",
            "/criteria/search/?q=%3Cscript%3E",
            "/criteria/compare/?older=test-2025&newer=test-2026",
            "/criteria/mappings/test-set/",
            "/criteria/load-mapping/",
            "/criteria/import/",
        )
        client = as_person("office", language)
        for path in paths:
            response = client.get(path)
            text = response.content.decode()
            assert response.status_code == 200, path
            assert "<script>" not in text, path
            assert "<b>鍵" not in text and "<b>錠" not in text, path

    def test_the_report_on_a_file_shows_markup_as_text(self, people, office):
        table = TABLE.replace("暗号の方針を", f"<b>{SCRIPT}").replace("5.1.1.1,", "<script>1,")
        response = office.post("/criteria/import/", NOTHING | {"file": upload(table, f"{SCRIPT}.csv")})
        text = response.content.decode()
        assert "<script>" not in text and "<b><" not in text
        assert "&lt;script&gt;" in text

    def test_marks_of_a_search_stand_around_text_that_looks_like_markup(self, people, office, hostile):
        found = main(office.get("/criteria/search/", {"q": "鍵", "edition": "test-2025"}))
        assert "&lt;b&gt;<mark>鍵</mark>&lt;/b&gt;" in found
        assert "{{ edition }} {% csrf_token %}" in found

    def test_word_marks_of_a_comparison_stand_around_text(self, people, office, hostile):
        found = main(office.get("/criteria/compare/?older=test-2025&newer=test-2026"))
        assert "<del>" in found and "<ins>錠</ins>&lt;/b&gt;" in found


# --- what pages cost ---


class TestCost:
    """The number of queries does not grow with the number of lines."""

    PATHS = {
        "/criteria/editions/{}/": 16,
        "/criteria/editions/{}/print/": 10,
        "/criteria/editions/{}/export/xlsx/": 10,
        "/criteria/editions/{}/export/oscal-json/": 10,
        "/criteria/editions/{}/5.1.1/": 24,
        "/criteria/editions/{}/comments/": 12,
        "/criteria/search/?q=5&edition={}": 12,
        "/criteria/compare/?older=ismap-r7-draft&newer={}": 16,
        "/criteria/compare/table/?older=ismap-r7-draft&newer={}": 16,
    }

    @pytest.fixture
    def large(self, people):
        """An edition of full size."""
        return drafts.install("ismap-2024-07-synthetic").pk

    @pytest.mark.parametrize("key", [None, "office"])
    def test_a_page_of_1311_lines_asks_as_much_as_one_of_261(self, large, key):
        client = as_person(key)
        asked = {}
        for path, most in self.PATHS.items():
            paths = [path.format(name) for name in ("ismap-2022-04", large)]
            for one in paths:  # what is kept in memory is not asked for again
                client.get(one)
            asked[path] = [*(count(client, one) for one in paths), most]
        assert [(path, *told) for path, told in asked.items() if not told[1] <= told[0] <= told[2]] == []

    def test_a_mapping_page_asks_as_much_for_hundreds_of_rows_as_for_one(self, people):
        drafts.load(
            people["office"],
            source="ismap-2022-04",
            target="ismap-r7-draft",
            rows=[MappingFacts("5.1.1", "5.1", Relation.EQUAL, Confidence.LOW)],
        )
        client = as_person(None)
        [shipped] = [one.id for one in editions.shipped_mappings()][:1]
        assert count(client, "/criteria/mappings/test-set/") == count(client, f"/criteria/mappings/{shipped}/") <= 16

    def test_the_shelf_asks_as_much_for_many_editions_as_for_few(self, people):
        client = as_person(None)
        few = count(client, SHELF)
        for year in range(2030, 2036):
            publish(bring_in(people["office"], f"test-{year}", predecessor="ismap-2024-07"), people["office"])
        assert count(client, SHELF) == few <= 6

    def test_comments_cost_the_same_however_many(self, people, out):
        client = as_person("office")
        drafts.say(out, people["provider"], now=timezone.now())
        paths = (control_page("5.1.1"), edition_page() + "comments/")
        few = [count(client, path) for path in paths]
        for number in range(20):
            drafts.say(out, people["auditor"], text=f"意見{number}", now=timezone.now())
        assert [count(client, path) for path in paths] == few
