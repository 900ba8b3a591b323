"""`kansatsu statement check` is the pre-check as the page shows it, for those who may read the statement."""


def test_a_draft_s_breaches_are_told_one_by_one(filled):
    options = ("--id", filled.ids["draft"], "--as", "provider@sample.example", "--json")
    done = filled.run("statement", "check", *options)

    assert done.code == 3
    assert [(one["code"], one["control"], one["where"]) for one in done.json["problems"]] == [
        ("statements.regions_missing", None, "regions"),
        ("statements.mandatory", "3.1.1", "line"),
        ("statements.unanswered", "5.1.1", "line"),
        ("statements.text_missing", "8.1.2.7.PB", "line"),
    ]
    assert [one["code"] for one in done.json["notices"]] == ["criteria.incomplete_edition"]
    assert done.json["problems"][1] == {
        "code": "statements.mandatory",
        "control": "3.1.1",
        "where": "line",
        "message": "3.1.1 is mandatory; it can be neither excluded nor left out.",
        "clause": "管理基準 2.2.4",
        "remedy": "Implement it, or inherit it from a registered service.",
    }


def test_without_json_the_breaches_are_sentences_on_stderr(filled):
    options = ("--id", filled.ids["draft"], "--as", "provider2@sample.example")
    done = filled.run("statement", "check", *options, LANG="ja_JP.UTF-8")

    assert done.code == 3
    assert done.out == ""
    assert (
        "line: 5.1.1 が未記入です。  [管理基準 2.2.4]\n  → 実施・継承・対象外・不採用のいずれかを記入してください。"
        in done.err
    )


def test_a_final_statement_has_no_breach(filled):
    options = ("--id", filled.ids["final"], "--as", "ＰＲＯＶＩＤＥＲ@Sample.example", "--json")
    done = filled.run("statement", "check", *options)

    assert done.code == 0
    assert done.json["problems"] == []


def test_to_a_stranger_there_is_nothing_here(filled):
    options = ("--id", filled.ids["final"], "--as", "minato@sample.example", "--json")
    done = filled.run("statement", "check", *options)

    assert done.code == 3
    assert [(one["code"], one["where"]) for one in done.json["problems"]] == [("core.not_found", "--id")]


def test_a_person_whom_nobody_knows_cannot_ask(filled):
    options = ("--id", filled.ids["final"], "--as", "nobody@sample.example", "--json")
    done = filled.run("statement", "check", *options)

    assert done.code == 3
    assert [(one["code"], one["where"]) for one in done.json["problems"]] == [("core.not_found", "--as")]
