"""Pages as people meet them: accessible by axe's rules, within the window, usable by keyboard, in both languages."""

import pytest

PAGES = {
    None: ("/", "/register/", "/sign-in/", "/password/reset/", "/nothing/here/"),
    "provider": (
        "/",
        "/services/",
        "/services/new/",
        "/audits/",
        "/applications/",
        "/me/",
        "/me/sessions/",
        "/password/",
    ),
    "auditor": ("/", "/audits/"),
    "reviewer": ("/", "/applications/"),
    "decider": ("/", "/applications/"),
    "office": ("/", "/register/desk/", "/organisations/", "/organisations/1/"),
    "buyer": ("/",),
}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_roles_pages_are_without_flaws(visitor, width, language):
    flaws = []
    for key, paths in PAGES.items():
        one = visitor(key, width, language)
        for path in paths:
            one.open(path)
            flaws += one.flaws()
    assert flaws == []


def test_zoomed_to_twice_the_size_nothing_is_cut_off(visitor):
    one = visitor("provider", width=640)
    flaws = []
    for path in ("/", "/services/", "/applications/", "/register/"):
        one.open(path)
        flaws += one.flaws()
    assert flaws == []


def test_the_keyboard_alone_signs_in_and_reaches_the_content(visitor, portal):
    one = visitor()
    page = one.open("/sign-in/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "id_login"
    page.keyboard.type("auditor@sample.example")
    page.keyboard.press("Tab")
    page.keyboard.type("mikan-to-yama-no-asa")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{portal}/")
    assert page.locator("h1").count() == 1


def test_the_list_works_without_scripts(browser, portal):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal}/register/")
    page.fill("#q", "どこにもない名前")
    page.click("form.filters button")
    assert "q=" in page.url
    assert page.locator(".empty").count() == 1
    context.close()
