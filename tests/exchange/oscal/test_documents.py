"""Documents are read as they are and written as they were, or refused with one reason."""

import codecs
import json
import string
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.oscal.conftest import catalog

from kansatsu.exchange.oscal.documents import (
    Limits,
    UnreadableDocumentError,
    UnwritableDocumentError,
    read,
    write,
)
from kansatsu.exchange.oscal.faults import Code, Fault

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAME = TEXT.filter(lambda name: not name.startswith("!"))
NUMBER = st.integers(-(10**15) + 1, 10**15 - 1) | st.floats(-1e14, 1e14)
VALUE = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAME, inner, max_size=4),
    max_leaves=15,
)


def refused(content, **limits):
    with pytest.raises(UnreadableDocumentError) as error:
        read(content if isinstance(content, bytes) else content.encode(), limits=Limits(**limits))
    return error.value.fault


def test_a_document_knows_its_model_its_version_and_its_bytes():
    content = json.dumps(catalog("1.1.2")).encode()
    found = read(content)
    assert (found.model, found.version, found.form, found.original) == ("catalog", "1.1.2", "json", content)
    assert found.root is found.value["catalog"]


@pytest.mark.parametrize("value", [{}, {"$schema": "x"}, {"a": 1, "b": 2}], ids=["nothing", "schema only", "two"])
def test_without_one_name_at_the_top_there_is_no_model(value):
    found = read(json.dumps(value).encode())
    assert (found.model, found.version, found.root) == ("", "", {})


@pytest.mark.parametrize("value", [{"catalog": 5}, {"catalog": {}}, {"catalog": {"metadata": {"oscal-version": 1.1}}}])
def test_a_version_that_is_no_text_is_none(value):
    assert read(json.dumps(value).encode()).version == ""


def test_the_form_is_told_by_the_content():
    assert read(b' \n{"a": 1}').form == "json"
    assert read(b"a: 1").form == "yaml"


@pytest.mark.parametrize("content", ['{"a": "鑑札"}', "a: 鑑札"])
def test_a_byte_order_mark_is_accepted(content):
    assert read(codecs.BOM_UTF8 + content.encode()).value == {"a": "鑑札"}


def test_versions_and_time_stamps_in_yaml_stay_text():
    found = read(
        b"catalog:\n  metadata:\n    oscal-version: 1.1.2\n    last-modified: 2024-02-04T23:16:00.000000-00:00\n"
    )
    assert found.version == "1.1.2"
    assert found.root["metadata"]["last-modified"] == "2024-02-04T23:16:00.000000-00:00"


@pytest.mark.parametrize("word", ["yes", "no", "on", "12:30", "2024-01-01", "1e400", "007", "1_000", "=", "<<"])
def test_words_that_older_yaml_would_rewrite_stay_text(word):
    assert read(f"a: {word}".encode()).value == {"a": word}


@given(value=st.dictionaries(NAME, VALUE, min_size=1, max_size=5))
def test_a_value_comes_back_from_json_and_from_yaml_as_it_was(value):
    from_json = read(write(value, "json")).value
    from_yaml = read(write(from_json, "yaml")).value
    assert json.dumps(read(write(from_yaml, "json")).value) == json.dumps(value)


def test_time_zones_addresses_and_unknown_properties_survive_both_forms():
    value = catalog(
        **{
            "x-ours": {
                "url": "https://例え.jp/%E9%91%91?a=b#c",
                "at": "2024-02-04T23:16:00.000000-00:00",
                "n": [0.1, -0.0],
            }
        }
    )
    assert read(write(read(write(value, "yaml")).value, "json")).value == value


def test_json_is_written_for_people_and_yaml_in_blocks():
    value = {"catalog": {"title": "鑑札", "ids": ["a"]}}
    assert (
        write(value, "json")
        == '{\n  "catalog": {\n    "title": "鑑札",\n    "ids": [\n      "a"\n    ]\n  }\n}\n'.encode()
    )
    assert write(value, "yaml") == "catalog:\n  title: 鑑札\n  ids:\n  - a\n".encode()


def test_a_name_that_yaml_takes_for_a_tag_is_not_written():
    assert write({"a": {"!b": 1}}, "json")
    with pytest.raises(UnwritableDocumentError) as error:
        write({"a": {"!b": 1}}, "yaml")
    assert error.value.fault == Fault(Code.TAG, "/a/!b", {"value": "!b"})


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault(Code.EMPTY)),
        (b"# only a remark\n", Fault(Code.EMPTY)),
        (b"\xff\xfe{", Fault(Code.NOT_UTF8, "", {"position": 0})),
        ("鑑札: 1".encode("cp932"), Fault(Code.NOT_UTF8, "", {"position": 0})),
        (b"[1]", Fault(Code.NOT_AN_OBJECT)),
        (b"just words", Fault(Code.NOT_AN_OBJECT)),
        (b'{"a": }', Fault(Code.NOT_JSON, "", {"reason": "Expecting value", "line": 1, "column": 7})),
        (b'{"a": 1}\n{"b": 2}', Fault(Code.NOT_JSON, "", {"reason": "Extra data", "line": 2, "column": 1})),
        (b'{"a": NaN}', Fault(Code.NOT_FINITE, "", {"value": "NaN"})),
        (b'{"a": -Infinity}', Fault(Code.NOT_FINITE, "", {"value": "-Infinity"})),
        (b'{"a": 1e999}', Fault(Code.TOO_LONG_NUMBER, "", {"value": "1e999", "limit": 15})),
        (b'{"a": 1234567890123456}', Fault(Code.TOO_LONG_NUMBER, "", {"value": "1234567890123456", "limit": 15})),
        (b'{"a": "\\ud800"}', Fault(Code.BROKEN_CHARACTER)),
        (b'{"a": 1, "a": 2}', Fault(Code.DUPLICATE_NAME, "", {"name": "a"})),
        (b'{"a": [0, {"b": {"c": 1, "c": {"d": 1, "d": 2}}}]}', Fault(Code.DUPLICATE_NAME, "/a/1/b", {"name": "c"})),
    ],
    ids=[
        "nothing", "a remark", "UTF-16", "CP932", "a list", "words", "a gap in JSON", "two JSON documents", "NaN",
        "infinity", "beyond a float", "16 digits", "half a character", "a name twice", "and inside again",
    ],
)  # fmt: skip
def test_what_is_no_plain_json_is_refused_with_the_reason(content, fault):
    assert refused(content) == fault


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("a: 1\nb: [1\n", (Code.NOT_YAML, "", {"line": 3, "column": 1})),
        ("a: 1\nb: 2\tc: 3\n\td: 4", (Code.NOT_YAML, "", {"line": 2})),
        ("\ta: 1", (Code.NOT_YAML, "", {"line": 1, "column": 1})),
        ('a: 1\nb: "x\0"', (Code.NOT_YAML, "", {"line": 2, "column": 6})),
        ("a: *b", (Code.NOT_YAML, "", {"reason": "unknown anchor", "line": 1, "column": 4})),
        ("a: 1\n---\nb: 2\n", (Code.SEVERAL_DOCUMENTS, "", {})),
        ("a: 1\na: 2", (Code.DUPLICATE_NAME, "", {"name": "a"})),
        ("a:\n b:\n - c: 1\n   c: 2", (Code.DUPLICATE_NAME, "/a/b/0", {"name": "c"})),
        ("a:\n  1: b", (Code.NAME_NOT_TEXT, "/a", {"value": "1"})),
        ("true: b", (Code.NAME_NOT_TEXT, "", {"value": "True"})),
        ("? [a]\n: b", (Code.NAME_NOT_TEXT, "", {})),
        ("a: !Person x", (Code.TAG, "/a", {"value": "!Person"})),
        ("!x {a: 1}", (Code.TAG, "", {"value": "!x"})),
        ("a: [.nan]", (Code.NOT_FINITE, "/a/0", {"value": "nan"})),
        ("a: -.inf", (Code.NOT_FINITE, "/a", {"value": "-inf"})),
        ("a: 9999999999999999999", (Code.TOO_LONG_NUMBER, "/a", {"limit": 15})),
        ("a: 123456789012345678901234567890", (Code.TOO_LONG_NUMBER, "", {"value": "123456789012345678901234567890"})),
        ("a: 99999999999999999999999999999999999999999", (Code.TOO_LONG_NUMBER, "/a", {"limit": 15})),
    ],
)  # fmt: skip
def test_what_yaml_knows_and_json_does_not_is_refused_with_its_place(content, fault):
    code, pointer, params = fault
    found = refused(content)
    assert (found.code, found.pointer) == (code, pointer)
    assert {name: found.params[name] for name in params} == params


ALIASES = {
    "a bomb": "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
    ),
    "a long text many times": f"a: &a \"{'x' * 100_000}\"\nb: [{','.join(['*a'] * 100_000)}]\n",
    "itself": "a: &a [*a]",
    "once": "a: &a 1\nb: *a",
    "behind a mark of byte order": "&a: \ufeff*a: 1",
    "in flow style": "x: {\"b\":&a 1, \"c\":*a }",
}  # fmt: skip


@pytest.mark.parametrize("content", ALIASES.values(), ids=ALIASES)
def test_an_alias_is_refused_before_anything_grows(content):
    assert refused(content).code == Code.ALIAS


def test_signs_in_prose_are_no_aliases():
    text = "a: R&D, Q&A and *emphasis* & **more** &amp; *D*"
    assert read(text.encode()).value == {"a": text[3:]}


@pytest.mark.parametrize(
    "content", ['{"a":' + "[" * 63 + "]" * 63 + "}", "a: " + "[" * 63 + "]" * 63], ids=["JSON", "YAML"]
)
def test_what_is_deep_but_within_the_limit_is_read(content):
    assert read(content.encode())


@pytest.mark.parametrize("depth", [64, 200, 900, 3_000])
@pytest.mark.parametrize("form", ['{{"a":{}{}}}', "a: {}{}"], ids=["JSON", "YAML"])
def test_what_is_too_deep_is_refused_at_any_depth(form, depth):
    content = form.format("[" * depth, "]" * depth)
    assert refused(content) == Fault(Code.TOO_DEEP, "", {"limit": 64})


def test_deep_nesting_is_refused_in_a_thread_with_a_small_stack_too():
    found = []
    worker = threading.Thread(target=lambda: found.append(refused('{"a":' * 50_000).code))
    worker.start()
    worker.join()
    assert found == [Code.TOO_DEEP]


def test_the_limits_can_be_set():
    assert refused('{"a": [[1]]}', depth=2) == Fault(Code.TOO_DEEP, "", {"limit": 2})
    assert refused('{"a": 1}', size=7).code == Code.TOO_LARGE
    assert read(b'{"a": 1}', limits=Limits(size=8, depth=1)).value == {"a": 1}


@given(content=st.binary(max_size=200) | st.text(string.printable + "&*鑑", max_size=80).map(str.encode))
def test_any_bytes_are_either_a_document_or_refused(content):
    try:
        found = read(content)
    except UnreadableDocumentError:
        return
    assert isinstance(found.value, dict)
    assert read(write(found.value, "json")).value == found.value


def test_a_refusal_is_a_value_error():
    assert issubclass(UnreadableDocumentError, ValueError) and issubclass(UnwritableDocumentError, ValueError)
