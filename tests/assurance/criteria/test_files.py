"""Files of criteria: told apart by what they hold, refused in plain words, and the same in every form."""

import codecs
import io
import json
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kansatsu.assurance.criteria import editions, files, rules
from kansatsu.assurance.criteria.mappings import Confidence, MappingFacts, Relation
from kansatsu.assurance.criteria.rules import Heading
from kansatsu.core.problems import render, texts
from kansatsu.exchange.oscal import documents
from kansatsu.exchange.sheets import Limits
from kansatsu.exchange.workbooks import write_workbook

CLASSES = editions.readings()["2022"].classes
ONE = editions.shipped("ismap-2022-04")
CLAUSES = editions.clause_titles()
HEADING = Heading("ismap-2022-04", "管理基準", date(2022, 4, 1), "案", rules.content_hash(ONE.controls))
CSV = "番号,内容\n5.1.1,定める。\n"


def take(content, **limits):
    found = files.take(content, CLASSES, limits=limits_of(**limits))
    return found, said(found.problems)


def limits_of(**limits):
    return files.ReadLimits(table=Limits(**limits))


def said(problems):
    """Codes and places; every problem can be said in both languages."""
    for problem in problems:
        assert render(problem, "ja")["message"] and render(problem, "en")["remedy"]
    return [(problem.code, problem.where) for problem in problems]


@pytest.mark.parametrize("form", ["oscal-json", "oscal-yaml", "csv", "xlsx"])
def test_an_edition_goes_out_and_comes_in_again_in_every_form(form):
    content = files.edition_file(form, HEADING, ONE.controls, CLAUSES)
    assert content == files.edition_file(form, HEADING, ONE.controls[::-1], CLAUSES)
    found, problems = take(content)
    assert problems == []
    assert (found.controls, found.clauses) == (ONE.controls, CLAUSES)
    assert rules.content_hash(found.controls) == HEADING.content_hash


def test_every_form_of_an_edition_and_of_a_mapping_set_can_be_written():
    assert all(files.edition_file(form, HEADING, ONE.controls, CLAUSES) for form in files.FORMS)
    assert set(files.MAPPING_FORMS) < set(files.FORMS)


@pytest.mark.parametrize("form", ["oscal-profile-json", "oscal-profile-yaml"])
def test_a_profile_names_the_catalogue_of_its_own_form_and_is_no_edition(form):
    content = files.edition_file(form, HEADING, ONE.controls, CLAUSES)
    assert f"ismap-2022-04.{form.rpartition('-')[2]}".encode() in content
    found, problems = take(content)
    assert problems == [("oscal.other_model", "/profile")] and found.controls == ()
    assert "profile" in render(found.problems[0], "en")["message"]


@pytest.mark.parametrize(
    "start",
    [b"", codecs.BOM_UTF8, b"\n  \n", codecs.BOM_UTF8 + b"\r\n "],
)
def test_a_json_document_is_known_behind_a_byte_order_mark_and_blanks(start):
    content = files.edition_file("oscal-json", HEADING, ONE.controls, CLAUSES)
    found, _ = take(start + content)
    assert len(found.controls) == len(ONE.controls)


@pytest.mark.parametrize(
    "start", [b"", b"---\n", b"# the catalogue\n\n# of ours\n", codecs.BOM_UTF8, b"%YAML 1.2\n---\n"]
)
def test_a_yaml_document_is_known_behind_marks_and_comments(start):
    content = files.edition_file("oscal-yaml", HEADING, ONE.controls, CLAUSES)
    found, problems = take(start + content)
    assert problems == [] and len(found.controls) == len(ONE.controls)


@pytest.mark.parametrize("model", ["system-security-plan", "component-definition", "profile", "assessment-plan"])
@pytest.mark.parametrize("content", ['{{"{model}": {{}}}}', "{model}:\n  uuid: x\n", "# x\n{model}: {{}}\n"])
def test_another_model_of_oscal_is_refused_by_its_name(model, content):
    found, problems = take(content.format(model=model).encode())
    assert problems == [("oscal.other_model", f"/{model}")]
    assert model in render(found.problems[0], "ja")["message"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"catalog": ', "oscal.not_json"),
        (b"catalog: [", "oscal.not_yaml"),
        (b"catalog: \xff", "oscal.not_utf8"),
        (b"{}", "oscal.unknown_model"),
        (b"--- 5", "oscal.not_an_object"),
        (b'{"catalog": {"uuid": 5}}', "oscal.missing"),
        (b'{"a": 1, "a": 2}', "oscal.duplicate_name"),
        (b"", "exchange.not_a_table"),
        (b"%PDF-1.7", "exchange.not_a_table"),
        (b"\x00\x01", "exchange.encoding"),
        (b'a,b\n"x', "exchange.broken"),
        (b"\n\n", "criteria.no_controls"),
        (b"hello", "criteria.no_controls"),
    ],
)
def test_what_is_no_edition_is_refused_with_a_reason(content, code):
    found, problems = take(content)
    assert code in [code for code, _ in problems]
    assert found.controls == ()


def workbook(**parts):
    """A workbook with some parts added or replaced."""
    content = io.BytesIO(write_workbook([("一", [("番号", "内容"), ("5.1.1", "x")])]))
    with zipfile.ZipFile(content, "a") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), part)
    return content.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100


@pytest.mark.parametrize(
    ("content", "limits", "code"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), {}, "encrypted"),
        (OLE + "Workbook\0".encode("utf-16-le"), {}, "old_format"),
        (workbook(xl__vbaProject_bin=b"x"), {}, "macros"),
        (workbook(xl__x_xml=b"<!DOCTYPE a><a/>"), {}, "doctype"),
        (workbook()[:300], {}, "broken"),
        (CSV.encode(), {"content_bytes": 5}, "too_large"),
        (CSV.encode(), {"rows": 1}, "too_many_rows"),
        (CSV.encode(), {"columns": 1}, "too_many_columns"),
        (CSV.encode(), {"cell_characters": 3}, "cell_too_long"),
        (b"a," + b"x" * 200_000, {}, "cell_too_long"),
        (CSV.encode(), {"unpacked_bytes": 5}, "unpacks_too_large"),
        (workbook(), {"unpacked_bytes": 50}, "unpacks_too_large"),
        (CSV.encode(), {"seconds": 0.001}, "took_too_long"),
    ],
)
def test_each_refusal_of_a_table_is_a_problem_that_can_be_said(content, limits, code):
    _, problems = take(content, **limits)
    assert [found for found, _ in problems] == [f"exchange.{code}"]
    assert problems[0][1]


def test_a_cell_that_is_too_long_is_named():
    content = write_workbook([("別表3", [("番号", "内容"), ("511", "定める。")])])
    assert take(content, cell_characters=3)[1] == [("exchange.cell_too_long", "別表3!B2")]


@pytest.mark.parametrize("code", sorted(one for one in texts() if one.startswith("exchange.")))
def test_every_reason_why_a_table_is_refused_has_both_languages(code):
    assert all(texts()[code][name].strip() for name in ("ja", "en", "remedy_ja", "remedy_en"))


@given(st.binary(max_size=60))
def test_any_bytes_are_a_document_or_are_not(content):
    assert files._is_document(content) in (True, False)


def test_the_limits_of_the_settings_apply(settings):
    settings.IMPORT_LIMITS = {**settings.IMPORT_LIMITS, "bytes": 10, "rows": 7, "depth": 3}
    limits = files.read_limits()
    assert (limits.table.content_bytes, limits.table.rows, limits.document) == (10, 7, documents.Limits(10, 3))
    assert said(files.take(CSV.encode(), CLASSES, limits=limits).problems) == [("exchange.too_large", "file")]
    deep = files.take(b'{"catalog": {"a": {"b": {"c": {}}}}}', CLASSES, limits=limits)
    assert said(deep.problems) == [("oscal.too_large", "")]
    limits = files.ReadLimits(document=documents.Limits(depth=3))
    deep = files.take(b'{"catalog": {"a": {"b": {"c": {}}}}}', CLASSES, limits=limits)
    assert said(deep.problems) == [("oscal.too_deep", "")]


SOURCE = {one.number: one.id for one in ONE.controls}
TARGET = {one.number: one.id for one in editions.shipped("ismap-r7-draft").controls}
ROWS = list(editions.shipped_mappings()[0].rows)
MORE = MappingFacts("5.1.1", "5.1", Relation.SUPERSET, Confidence.HIGH, "=1+1\n二行")
LONE = MappingFacts("9.9.9", "", Relation.NONE, Confidence.LOW)


def mappings(content):
    rows, problems = files.take_mappings(content, SOURCE, TARGET, limits=limits_of())
    return rows, said(problems)


def mapping_file(form, rows):
    return files.mapping_file(
        form, HEADING, rows, source=("ismap-2022-04", "1" * 64, SOURCE), target=("ismap-r7-draft", "2" * 64, TARGET)
    )


@pytest.mark.parametrize("form", files.MAPPING_FORMS)
def test_a_mapping_set_goes_out_and_comes_in_again_in_every_form(form):
    rows, problems = mappings(mapping_file(form, ROWS))
    assert problems == [] and sorted(rows, key=str) == sorted(ROWS, key=str)


def test_a_mapping_table_keeps_notes_and_lines_without_correspondence():
    assert mappings(mapping_file("csv", [MORE, LONE])) == ([MORE, LONE], [])


def test_a_mapping_table_is_read_in_any_order_of_columns_with_numbers_as_people_write_them():
    content = "Relation,Target,Source,備考\nEQUAL,５．１,5.1.1.,x\n,,,\nNone,,9.1.1,\n".encode()
    assert mappings(content) == (
        [
            MappingFacts("5.1.1", "5.1", Relation.EQUAL, Confidence.LOW),
            MappingFacts("9.1.1", "", Relation.NONE, Confidence.LOW),
        ],
        [],
    )


def test_a_mapping_table_in_a_workbook_is_read():
    content = write_workbook([("対応", [("source", "target", "relation"), ("5.1.1", "5.1", "subset")])])
    assert mappings(content)[0] == [MappingFacts("5.1.1", "5.1", Relation.SUBSET, Confidence.LOW)]


def test_an_unknown_relation_or_confidence_is_a_problem_at_its_cell():
    content = write_workbook(
        [
            (
                "対応",
                [
                    ("source", "target", "relation", "confidence"),
                    ("5.1.1", "5.1", "same", "sure"),
                    ("5.1.1", "5.1", "", ""),
                ],
            )
        ]
    )
    assert mappings(content)[1] == [
        ("criteria.unknown_value", "対応!C2"),
        ("criteria.unknown_value", "対応!D2"),
        ("criteria.unknown_value", "対応!C3"),
    ]


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"source,target\n5.1.1,5.1\n", b"\n"])
def test_a_table_without_the_columns_of_a_mapping_is_refused(content):
    assert mappings(content) == ([], [("criteria.no_mappings", "file")])


def test_what_is_no_mapping_set_is_refused_with_a_reason():
    assert mappings(b"%PDF-1.7")[1] == [("exchange.not_a_table", "file")]
    catalogue = files.edition_file("oscal-json", HEADING, ONE.controls, {})
    assert mappings(catalogue)[1] == [("oscal.other_model", "/catalog")]


def test_a_document_that_was_edited_by_hand_is_refused_cell_by_cell():
    value = json.loads(files.edition_file("oscal-json", HEADING, ONE.controls, {}))
    value["catalog"]["uuid"] = "none"
    del value["catalog"]["groups"][0]["title"]
    found, problems = take(json.dumps(value).encode())
    assert set(problems) == {("oscal.not_a_uuid", "/catalog/uuid"), ("oscal.missing", "/catalog/groups/0")}
    assert found.controls == ()
