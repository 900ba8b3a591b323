"""The whole way in a browser: each role in turn takes one service to the public list, and one to its refusal."""

import re

import pytest

PERIOD = ("2024-10-01", "2025-09-30")


def answers(page, statement_id):
    """Every control as implemented, through the interface for programs, with the browser's own session."""
    numbers = page.locator("main tr[id^='line-'] > td:first-child .number").all_inner_texts()
    token = page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    response = page.request.post(
        f"{page.url.split('/statements/')[0]}/api/v1/statements/{statement_id}/answers",
        headers={"X-CSRFToken": token, "Referer": page.url},
        data={"answers": [{"number": n, "state": "implemented", "text": "規程に定め、年1回見直す。"} for n in numbers]},
    )
    assert response.status == 200, response.text()


def to_the_reviewers(visitor, name):
    """A provider's and an auditor's part, from nothing to a filed application; gives its address."""
    provider = visitor("provider")
    page = provider.open("/services/new/")
    page.fill("#id_name", name)
    page.select_option("#id_model", "saas")
    page.click("main button.first")
    page.select_option("#id_edition", "ismap-2022-04")
    page.click("main form[action$='/statements/'] button")
    page.fill("#id_scope", f"{name}の全機能")
    page.fill("#id_regions", "東京\n大阪")
    page.fill("#id_audit_from", PERIOD[0])
    page.fill("#id_audit_to", PERIOD[1])
    page.fill("#id_subsequent_events", "なし")
    page.fill("#id_signatory_name", "署名 花子")
    page.fill("#id_signatory_title", "取締役")
    page.fill("#id_signatory_authority", "取締役会の決議による。")
    page.click("main button.first")
    statement = page.url
    answers(page, re.search(r"/statements/(\d+)/", statement)[1])

    provider.open(statement)
    row = page.locator("tr[id='line-5.1.1']")
    row.locator("a[hx-get]").click()
    editing = page.locator("tr.editing")
    editing.locator("[name=responsible]").fill("情報セキュリティ室")
    editing.locator("button.first").click()
    page.locator("tr[id='line-5.1.1']:not(.editing)").wait_for()
    assert "情報セキュリティ室" in page.locator("tr[id='line-5.1.1']").inner_text()

    provider.open(statement)
    provider.do("finalise")
    assert provider.chip() == "確定"
    page.click("main a[href$='/audit/new/']")
    page.select_option("#id_audit_body", label="（見本）けんさ監査法人")
    page.click("main button.first")
    audit = page.url

    auditor = visitor("auditor")
    auditor.open("/")
    assert name in auditor.page.locator("main").inner_text()
    auditor.open(audit)
    auditor.do("accept")
    auditor.do("fix_period")
    auditor.do("record_finding", text="受講記録の漏れが1件あった。", control_number="7.2.2")
    auditor.do("issue", conclusion="手続を実施した。")
    auditor.do("freeze")
    assert auditor.chip() == "報告書確定"

    provider.open(statement)
    page.click("main .crumbs a")
    page.locator("a[href$='/application/new/']").click()
    page.click("main button.first")
    application = page.url
    provider.do("submit")
    assert provider.chip() == "申請済み"
    return application


@pytest.fixture(scope="module")
def names():
    return {"good": "みちしるべ文書共有", "bad": "ぬかるみ掲示板"}


def test_a_service_comes_from_draft_to_the_public_list(visitor, names):
    application = to_the_reviewers(visitor, names["good"])

    reviewer = visitor("reviewer")
    reviewer.open("/")
    assert names["good"] in reviewer.page.locator("main").inner_text()
    reviewer.open(application)
    reviewer.do("return", reason="範囲の記載を確かめてください。")
    assert reviewer.chip() == "返戻"

    provider = visitor("provider")
    provider.open(application)
    assert "範囲の記載" in provider.page.locator("main .note.heed").first.inner_text()
    provider.do("submit")

    reviewer.open(application)
    reviewer.do("accept")
    reviewer.do("take_up")
    reviewer.do("ask", question="責任分界を説明してください。")
    assert reviewer.chip() == "質問中（申請者の回答待ち）"

    provider.open(application)
    provider.do("answer", answer="契約の条項を示します。")

    reviewer.open(application)
    reviewer.do("present", summary="要件を満たす。")
    assert reviewer.chip() == "運営委員会に付議"

    decider = visitor("decider")
    decider.open(application)
    decider.do("approve", reason="相当と認める。")
    assert decider.chip() == "登録決定"

    office = visitor("office")
    office.open("/register/desk/")
    office.page.get_by_role("row", name=re.compile(names["good"])).get_by_role("button").click()
    assert office.page.locator("h1").inner_text() == names["good"]

    stranger = visitor()
    stranger.open("/register/")
    stranger.page.fill("#q", "みちしるべ")
    stranger.page.locator("#found caption", has_text="1").wait_for()
    stranger.page.locator("#found tbody a").first.click()
    page = stranger.page.locator("main").inner_text()
    assert names["good"] in page and "2027-01-31" in page and "有効" in page

    buyer = visitor("buyer", language="en")
    buyer.open("/")
    buyer.page.get_by_role("link", name="Open the public list").click()
    assert names["good"] in buyer.page.locator("#found").inner_text()


def test_a_refused_service_ends_refused_and_off_the_list(visitor, names):
    application = to_the_reviewers(visitor, names["bad"])
    reviewer = visitor("reviewer")
    reviewer.open(application)
    for act, fields in (("accept", {}), ("take_up", {}), ("present", {"summary": "確認できない点が残る。"})):
        reviewer.do(act, **fields)
    decider = visitor("decider")
    decider.open(application)
    decider.do("refuse", reason="要求事項の実施を確認できない。")
    assert decider.chip() == "登録しない決定"
    provider = visitor("provider")
    provider.open(application)
    assert "要求事項の実施を確認できない。" in provider.page.locator("main").inner_text()
    assert names["bad"] not in visitor().open("/register/").locator("main").inner_text()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_pages_of_one_services_way_are_without_flaws(visitor, language):
    """The statement with all its lines, a line being edited, the audit, the application, the entry."""
    flaws = []
    for width in (1280, 390):
        one = visitor("provider", width, language)
        one.open("/applications/")
        links = one.page.locator("main tbody a").evaluate_all("all => all.map(a => a.href)")
        assert len(links) == 2
        for link in links:
            one.open(link)
            flaws += one.flaws()
            for place in ("/statements/", "/audits/"):
                one.open(link)
                one.open(one.page.locator(f"main dl a[href^='{place}']").first.get_attribute("href"))
                flaws += one.flaws()
        reader = visitor(None, width, language)
        reader.open("/register/")
        reader.page.locator("#found tbody a").first.click()
        flaws += reader.flaws()
    assert flaws == []
