"""The criteria in a browser: an edition comes in, is discussed and published; its pages have no flaws."""

import io
from datetime import date, timedelta

import pytest
import xlsxwriter

LINES = (
    ("番号", "種別", "題名", "内容"),
    ("5.1.1", "統制目標", "暗号の方針", "暗号の利用について方針を定める。"),
    (
        "5.1.1.1",
        "詳細管理策",
        "鍵の管理",
        "（見本）暗号鍵は、権限のある者だけが使える装置に保管する。\n(a) 鍵の長さを定める。",
    ),
    ("5.1.1.2.PB", "詳細管理策", "利用者の鍵", "（見本）利用者が自ら鍵を持てるようにする。"),
    ("5.1.2", "統制目標", "暗号の見直し", ""),
)


def workbook():
    """The lines as an XLSX file, with a cover sheet that is left aside."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.add_worksheet("表紙").write(0, 0, "管理基準")
        page = book.add_worksheet("管理策基準")
        for row, cells in enumerate(LINES):
            page.write_row(row, 0, cells)
    return target.getvalue()


def check(office, edition_id, content=None, name="別表.xlsx"):
    """The office sends a file to be checked."""
    page = office.open("/criteria/import/")
    kind = "application/octet-stream"
    page.set_input_files("#id_file", {"name": name, "mimeType": kind, "buffer": content or workbook()})
    page.fill("#id_id", edition_id)
    page.fill("#id_title_ja", "（見本）暗号の基準")
    page.fill("#id_title_en", "(sample) Criteria for cryptography")
    page.select_option("#id_predecessor", "ismap-r7-draft")
    page.locator("main .buttons button").last.click()
    page.locator("#report-title").wait_for()
    return page


def put_out(office, edition_id):
    """The office imports an edition and puts it out for comment for a week."""
    page = check(office, edition_id)
    page.locator("button[name=confirm][value='1']").click()
    page.wait_for_url(f"**/criteria/editions/{edition_id}/")
    office.do("consult", until=(date.today() + timedelta(days=7)).isoformat())
    return page


def comment(visitor, key, address, text):
    """Somebody says something of a line."""
    one = visitor(key)
    page = one.open(address)
    page.fill("#id_text", text)
    page.locator("main form[action$='/comment/'] button").click()
    page.wait_for_url("**#comments")
    return one


@pytest.fixture(scope="module")
def line():
    """The line that the journey is about."""
    return "/criteria/editions/sample-2026/5.1.1.1/"


def test_an_edition_is_imported_discussed_answered_published_and_read(visitor, line):
    office = visitor("office")
    page = check(office, "sample-2026")
    report = page.locator("main").inner_text()
    assert "4 項目を問題なく取り込めます。" in report
    assert "表紙" in report and "鍵の管理" in report
    assert office.flaws() == []
    page.locator("button[name=confirm][value='1']").click()
    page.wait_for_url("**/criteria/editions/sample-2026/")
    assert office.chip() == "下書き"
    assert visitor().open(line).locator("h1").inner_text() != "5.1.1.1 鍵の管理"

    office.do("consult", until=(date.today() + timedelta(days=7)).isoformat())
    assert office.chip() == "意見募集中"

    stranger = visitor()
    stranger.open(line)
    stranger.page.locator("main a[href^='/sign-in/']").click()
    stranger.page.fill("#id_login", "provider@sample.example")
    stranger.page.fill("#id_password", "mikan-to-yama-no-asa")
    stranger.page.click("main button.first")
    stranger.page.wait_for_url(f"**{line}")
    stranger.page.fill("#id_text", "鍵の長さの下限を\n示してください。")
    stranger.page.locator("main form[action$='/comment/'] button").click()
    stranger.page.wait_for_url("**#comments")
    assert "鍵の長さの下限を\n示してください。" in stranger.page.locator("main .thread").inner_text()

    page = office.open("/criteria/editions/sample-2026/comments/?show=open")
    page.locator("main .thread a").click()
    office.do("answer", answer="別表で示します。")
    page.wait_for_url("**/comments/")
    assert "別表で示します。" in page.locator("main .answer").inner_text()

    office.open("/criteria/editions/sample-2026/")
    office.do("end_consultation")
    office.do("publish", on="2026-04-01")
    assert office.chip() == "公表済み"
    assert page.locator("main .acts").count() == 0

    reader = visitor(None, language="en")
    reader.open("/criteria/")
    reader.page.get_by_role("link", name="(sample) Criteria for cryptography", exact=True).click()
    tree = reader.page.locator(".tree > details > summary").first
    tree.click()
    reader.page.locator(".tree > details > details > summary").first.click()
    reader.page.locator(".tree li details summary").first.click()
    reader.page.locator(f".tree a[href='{line}']").click()
    said = reader.page.locator("main").inner_text()
    assert "鍵の長さの下限を" in said and "別表で示します。" in said
    assert reader.flaws() == []


def test_what_was_said_of_a_line_is_read_on_the_line_of_the_next_edition(visitor, line):
    office = visitor("office")
    put_out(office, "sample-2027")
    page = visitor().open(line.replace("sample-2026", "sample-2027"))
    assert "別表で示します。" in page.locator("main .thread").inner_text()


def test_a_file_with_a_problem_shows_its_cell_and_offers_no_import(visitor):
    office = visitor("office", language="en")
    table = "番号,種別,題名,内容\r\n5.1.1,統制目標,方針,文\r\n7.7.7.1,詳細管理策,x,y\r\n"
    page = check(office, "sample-bad", table.encode(), "bad.csv")
    assert "A3 7.7.7.1" in page.locator(".problems").inner_text()
    assert page.locator("button[name=confirm][value='1']").count() == 0
    assert office.flaws() == []


@pytest.fixture
def places(visitor):
    """An edition that is out for comment, with an answer and an open comment; its addresses."""
    office = visitor("office")
    page = office.open("/criteria/editions/sample-out/")
    if "sample-out" not in page.locator("main").inner_text():
        put_out(office, "sample-out")
        for text in ("一つ目の意見", "二つ目の意見"):
            comment(visitor, "provider", "/criteria/editions/sample-out/5.1.1.1/", text)
        page = office.open("/criteria/editions/sample-out/comments/?show=open")
        page.locator("main .thread a").first.click()
        office.do("answer", answer="そのとおり改めます。")
    page = office.open("/criteria/editions/sample-out/comments/?show=open")
    opened = page.locator("main .thread a").first.get_attribute("href")
    page = office.open("/criteria/")
    mapping = page.locator("main a[href^='/criteria/mappings/']:not(.button)").first.get_attribute("href")
    return {
        None: (
            "/criteria/",
            "/criteria/editions/ismap-2022-04/",
            "/criteria/editions/ismap-r7-draft/",
            "/criteria/editions/sample-out/",
            "/criteria/editions/sample-out/print/",
            "/criteria/editions/ismap-2022-04/9.5.2.1.PB/",
            "/criteria/editions/sample-out/5.1.1.1/",
            "/criteria/editions/sample-out/comments/",
            "/criteria/search/",
            "/criteria/search/?q=5.1",
            "/criteria/search/?q=%E9%8D%B5&edition=sample-out",
            "/criteria/compare/",
            "/criteria/compare/?older=ismap-2024-07&newer=ismap-r7-draft",
            "/criteria/compare/?older=ismap-r7-draft&newer=sample-out&change=new",
            mapping,
        ),
        "provider": ("/criteria/editions/sample-out/5.1.1.1/", opened),
        "office": (
            "/criteria/",
            "/criteria/import/",
            "/criteria/load-mapping/",
            "/criteria/editions/sample-out/",
            "/criteria/editions/sample-out/replace/",
            "/criteria/editions/sample-out/comments/?show=open",
            mapping,
            opened,
        ),
    }


@pytest.mark.parametrize(("language", "width"), [("ja", 390), ("en", 1280)])
def test_every_page_of_the_criteria_is_without_flaws(visitor, places, language, width):
    flaws = []
    for key, paths in places.items():
        one = visitor(key, width, language)
        for path in paths:
            one.open(path)
            assert one.page.locator("h1").count() == 1, path
            flaws += one.flaws()
    assert flaws == []


def test_zoomed_to_twice_the_size_nothing_is_cut_off(visitor, places):
    flaws = []
    for key, paths in places.items():
        one = visitor(key, 640)
        for path in paths:
            one.open(path)
            flaws += one.flaws()
    assert flaws == []


def test_with_everything_unfolded_nothing_is_cut_off(visitor, places):
    flaws = []
    for key in (None, "office"):
        one = visitor(key, 390)
        for path in places[key]:
            page = one.open(path)
            page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
            flaws += one.flaws()
    assert flaws == []


def test_the_tree_opens_by_keyboard(visitor):
    page = visitor().open("/criteria/editions/ismap-2022-04/")
    top = page.locator(".tree > details").first
    top.locator("> summary").focus()
    page.keyboard.press("Enter")
    assert top.get_attribute("open") is not None
    page.keyboard.press("Tab")
    clause = top.locator("> details").first
    assert page.evaluate("document.activeElement === document.querySelector('.tree > details > details > summary')")
    page.keyboard.press("Space")
    assert clause.get_attribute("open") is not None
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/criteria/editions/ismap-2022-04/3.1.1/")
    assert page.locator("h1").inner_text().startswith("3.1.1")


def test_searching_answers_while_typing_and_the_way_back_leads_to_the_whole_page(visitor):
    one = visitor(language="en")
    page = one.open("/criteria/search/")
    page.locator("#q").press_sequentially("access")
    page.locator("#found mark").first.wait_for()
    assert "q=access" in page.url
    page.select_option("#edition", "ismap-2022-04")
    page.wait_for_url("**edition=ismap-2022-04**")
    page.locator("#found a[href^='/criteria/editions/ismap-2022-04/']").first.wait_for()
    page.locator("#found .hits a").first.click()
    page.wait_for_url("**/criteria/editions/ismap-2022-04/**")
    page.go_back()
    assert page.locator("h1").inner_text() == "Search the criteria"
    assert page.locator("#found mark").count() > 0
    assert one.flaws() == []


def test_searching_works_without_scripts(browser, portal):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal}/criteria/search/")
    page.fill("#q", "5.1.1")
    page.click("form.filters button")
    assert "q=5.1.1" in page.url
    assert page.locator("#found mark").count() > 0
    context.close()


def test_an_edition_goes_to_paper(visitor):
    one = visitor()
    page = one.open("/criteria/editions/ismap-2022-04/print/")
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF-")
    assert paper.count(b"/Type /Page\n") > 3
    page.emulate_media(media="print")
    assert page.locator("main h1").is_visible()
    assert not page.locator("body > header, header nav").first.is_visible()
    assert page.locator(".printed").count() == 261


def test_a_file_is_taken_home(visitor):
    page = visitor().open("/criteria/editions/ismap-2022-04/")
    for form, name in (("xlsx", "ismap-2022-04.xlsx"), ("oscal-json", "ismap-2022-04.json")):
        with page.expect_download() as download:
            page.locator(f"main a[href$='/export/{form}/']").click()
        assert download.value.suggested_filename == name
