"""A document that is right has no fault; one that is wrong has each fault named at its cell."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.oscal.conftest import RESOURCE, UUID, as_document, catalog, control, group, imported, profile
from tests.exchange.oscal.test_documents import VALUE

from kansatsu.exchange.oscal import documents
from kansatsu.exchange.oscal.faults import Code, Fault
from kansatsu.exchange.oscal.validation import LONGEST, faults

MODELS_1_1 = (
    "catalog, profile, component-definition, system-security-plan, assessment-plan, assessment-results, "
    "plan-of-action-and-milestones"
)


def found(value, **asked):
    return [(one.code, one.pointer) for one in faults(as_document(value), **asked)]


def fault(value, **asked):
    one, *others = faults(as_document(value), **asked)
    assert others == []
    return one


def changed(value, way, new):
    """The value with one cell set, or taken away with `...`."""
    *steps, last = way
    node = value
    for step in steps:
        node = node[step]
    if new is ...:
        del node[last]
    else:
        node[last] = new
    return value


def full(version="1.1.3"):
    return catalog(
        version,
        groups=[group("g", control("a-1", control("a-1.1"), params=[{"id": "p-1", "label": "期間"}]))],
        **{"back-matter": {"resources": [{"uuid": RESOURCE, "title": "資料"}]}},
    )


CONTROL = ("catalog", "groups", 0, "controls", 0)
AT = "/catalog/groups/0/controls/0"


@pytest.mark.parametrize("version", ["1.0.4", "1.1.2", "1.1.3", "1.2.0", "1.2.1"])
def test_a_right_catalogue_has_no_fault_in_any_version(version):
    assert found(full(version), expected_model="catalog") == []


@pytest.mark.parametrize("version", ["1.1.3", "1.2.1"])
def test_a_right_profile_has_no_fault(version):
    merge = {"as-is": True, "combine": {"method": "merge"}}
    value = profile(imported("catalog.json", "a-1"), version=version, merge=merge)
    assert found(value, expected_model="profile") == []


def test_the_schema_may_be_named_in_the_document():
    assert found({"$schema": "https://example.jp/schema.json", **full()}) == []


def test_a_document_read_from_yaml_is_judged_alike():
    assert faults(documents.read(documents.write(full(), "yaml"))) == []


# Which document it is


def test_a_document_without_a_known_model_is_told_the_known_ones():
    assert fault({"catalogue": {}}) == Fault(Code.UNKNOWN_MODEL, "", {"name": "catalogue", "known": MODELS_1_1})


@pytest.mark.parametrize("value", [{}, {"$schema": "x"}, {"a": 1, "b": 2}])
def test_an_empty_or_strange_document_has_no_known_model(value):
    assert fault(value).code == Code.UNKNOWN_MODEL


def test_two_models_in_one_document_are_a_fault():
    one = fault({**full(), **profile(imported())})
    assert one == Fault(Code.SEVERAL_MODELS, "", {"models": "catalog, profile", "known": MODELS_1_1})


def test_another_model_than_asked_for_is_named():
    one = fault(full(), expected_model="profile")
    assert one == Fault(Code.OTHER_MODEL, "/catalog", {"model": "catalog", "expected": "profile"})


def test_a_stranger_beside_the_model_is_named():
    one = fault({**full(), "x/y": 1})
    assert one == Fault(Code.UNEXPECTED, "/x~1y", {"name": "x/y", "legal": "$schema, catalog"})


def a_mapping():
    return {
        "uuid": UUID,
        "metadata": full()["catalog"]["metadata"],
        "provenance": {
            "method": "human", "matching-rationale": "semantic", "status": "draft", "mapping-description": "x"
        },
        "mappings": [
            {
                "uuid": UUID,
                "source-resource": {"type": "catalog", "href": "a.json"},
                "target-resource": {"type": "catalog", "href": "b.json"},
                "maps": [
                    {
                        "uuid": UUID,
                        "relationship": "equal-to",
                        "sources": [{"type": "control", "id-ref": "a-1"}],
                        "targets": [{"type": "control", "id-ref": "b-1"}],
                    }
                ],
            }
        ],
    }  # fmt: skip


def test_a_mapping_exists_only_since_1_2():
    mapping = a_mapping()
    one = fault({"mapping-collection": mapping})
    assert (one.code, one.pointer) == (Code.MODEL_OF_LATER_VERSION, "/mapping-collection/metadata/oscal-version")
    assert one.params == {"model": "mapping-collection", "version": "1.1.3"}
    changed(mapping, ("metadata", "oscal-version"), "1.2.1")
    assert found({"mapping-collection": mapping}) == []


def test_an_unknown_version_is_said_and_the_rest_checked_against_the_nearest():
    value = changed(full("2.0.0"), (*CONTROL, "id"), "5.1")
    assert faults(as_document(value)) == [
        Fault(Code.UNKNOWN_VERSION, "/catalog/metadata/oscal-version", {"version": "2.0.0", "edition": "1.2"}),
        Fault(Code.NOT_A_TOKEN, f"{AT}/id", {"value": "5.1"}),
    ]


def test_a_missing_version_is_said_once():
    one = fault(changed(full(), ("catalog", "metadata", "oscal-version"), ...))
    assert one == Fault(Code.MISSING, "/catalog/metadata", {"name": "oscal-version"})


@pytest.mark.parametrize("value", [None, 5, "x", []])
def test_a_model_that_is_no_object_has_the_wrong_type(value):
    one = fault({"catalog": value})
    assert (one.code, one.pointer, one.params["expected"]) == (Code.WRONG_TYPE, "/catalog", "object")


# The form of each cell


@pytest.mark.parametrize("version", ["1.1.3", "1.2.1"])
def test_a_control_id_that_starts_with_a_digit_is_named_as_the_fault(version):
    assert fault(changed(full(version), (*CONTROL, "id"), "5.1")) == Fault(
        Code.NOT_A_TOKEN, f"{AT}/id", {"value": "5.1"}
    )


@pytest.mark.parametrize("version", ["1.1.3", "1.2.1"])
@pytest.mark.parametrize(
    ("way", "new", "code", "params"),
    [
        ((*CONTROL, "title"), ..., Code.MISSING, {"name": "title"}),
        ((*CONTROL, "titel"), "x", Code.UNEXPECTED, {"name": "titel"}),
        ((*CONTROL, "title"), 5, Code.WRONG_TYPE, {"value": "5", "expected": "string"}),
        ((*CONTROL, "props"), [], Code.TOO_FEW, {"least": 1}),
        ((*CONTROL, "props"), {}, Code.WRONG_TYPE, {"expected": "array"}),
        (("catalog", "uuid"), "1-2-3", Code.NOT_A_UUID, {"value": "1-2-3"}),
        (("catalog", "metadata", "last-modified"), "2024-02-30T00:00:00Z", Code.NOT_A_DATE_TIME, {}),
        (("catalog", "metadata", "last-modified"), "2024-02-03T00:00:00", Code.NOT_A_DATE_TIME, {}),
        (("catalog", "metadata", "version"), " 1", Code.NOT_A_LINE, {"value": " 1"}),
        (("catalog", "metadata", "version"), "1\n2", Code.NOT_A_LINE, {"value": "1\\n2"}),
        ((*CONTROL, "links"), [{"href": "a b"}], Code.NOT_A_URI_REFERENCE, {"value": "a b"}),
        ((*CONTROL, "links"), [{"href": "#a", "rel": "a b"}], Code.NOT_A_TOKEN, {"value": "a b"}),
        ((*CONTROL, "props"), [{"name": "a", "value": "b", "ns": "x"}], Code.NOT_A_URI, {"value": "x"}),
        (
            (*CONTROL, "params", 0, "select"),
            {"how-many": "one or two"},
            Code.NOT_IN_LIST,
            {"value": "one or two", "legal": "one, one-or-more"},
        ),
        (
            ("catalog", "metadata", "parties"),
            [{"uuid": UUID, "type": "person", "email-addresses": ["x"]}],
            Code.NOT_AN_EMAIL_ADDRESS,
            {"value": "x"},
        ),
        (
            ("catalog", "back-matter", "resources", 0, "base64"),
            {"value": "#"},
            Code.NOT_BASE64,
            {"value": "#"},
        ),
        (("catalog", "groups", 0, "controls", 0), None, Code.WRONG_TYPE, {"value": "None", "expected": "object"}),
    ],
)  # fmt: skip
def test_a_cell_without_its_form_is_one_fault_with_its_legal_form(version, way, new, code, params):
    one = fault(changed(full(version), way, new))
    assert one.code == code
    assert {name: one.params[name] for name in params} == params
    place = "/" + "/".join(map(str, way))
    assert one.pointer == (place.rpartition("/")[0] if new is ... else one.pointer)
    assert one.pointer.startswith(place) or new is ...


def test_an_unexpected_property_comes_with_those_that_belong_there():
    one = fault(changed(full(), (*CONTROL, "titel"), "x"))
    assert one.params["legal"] == "id, class, title, params, props, links, parts, controls"


@pytest.mark.parametrize("version", ["1.1.3", "1.2.1"])
def test_deep_inside_branches_the_leaf_is_named(version):
    deep = {"name": "item", "parts": [{"name": "item", "parts": [{"name": "an item", "x": 1}]}]}
    assert sorted(found(changed(full(version), (*CONTROL, "parts"), [deep]))) == [
        (Code.NOT_A_TOKEN, f"{AT}/parts/0/parts/0/parts/0/name"),
        (Code.UNEXPECTED, f"{AT}/parts/0/parts/0/parts/0/x"),
    ]


def test_properties_of_two_branches_cannot_stand_together():
    value = changed(full("1.2.1"), ("catalog", "groups", 0, "groups"), [group("h", control("b-1"))])
    assert fault(value) == Fault(Code.NOT_TOGETHER, "/catalog/groups/0", {"names": "controls, groups"})
    assert found(changed(full("1.1.3"), ("catalog", "groups", 0, "groups"), [group("h", control("b-1"))])) == []


def test_of_branches_that_each_need_something_else_the_choice_is_told():
    value = changed(profile(imported(), version="1.2.1"), ("profile", "imports", 0, "include-all"), ...)
    names = {"names": "include-all, include-controls"}
    assert fault(value) == Fault(Code.MISSING_CHOICE, "/profile/imports/0", names)


@pytest.mark.parametrize(
    ("value", "code", "pointer"),
    [
        (profile({"include-all": {}}, version="1.2.1"), Code.MISSING, "/profile/imports/0"),
        (
            profile(imported(), version="1.2.1", modify={"set-parameters": [{"values": ["x"]}]}),
            Code.MISSING,
            "/profile/modify/set-parameters/0",
        ),
        (
            profile(imported(), version="1.2.1", merge={"flat": {}, "combine": {"method": "mix"}}),
            Code.NOT_IN_LIST,
            "/profile/merge/combine/method",
        ),
        (catalog("1.2.1", params=[{"label": "x"}]), Code.MISSING, "/catalog/params/0"),
    ],
)
def test_what_the_published_schema_of_1_2_1_lost_is_a_fault_all_the_same(value, code, pointer):
    assert found(value) == [(code, pointer)]


def test_numbers_have_their_least():
    port = {"name": "x", "port-ranges": [{"start": -1, "transport": "TCP"}]}
    component = {"uuid": UUID, "type": "software", "title": "x", "description": "x", "protocols": [port]}
    value = {"component-definition": {**full()["catalog"], "components": [component]}}
    del value["component-definition"]["groups"]
    where = "/component-definition/components/0/protocols/0/port-ranges/0/start"
    assert fault(value) == Fault(Code.TOO_SMALL, where, {"value": "-1", "least": 0})


def test_a_date_is_a_day_that_exists():
    value = {"system-security-plan": {"system-characteristics": {"date-authorized": "2023-02-29"}}}
    where = "/system-security-plan/system-characteristics/date-authorized"
    assert Fault(Code.NOT_A_DATE, where, {"value": "2023-02-29"}) in faults(as_document(value))


def test_a_text_for_a_number_has_the_wrong_type_once():
    mapping = changed(a_mapping(), ("metadata", "oscal-version"), "1.2.1")
    mapping["provenance"]["confidence-score"] = {"percentage": "much"}
    one = fault({"mapping-collection": mapping})
    assert one.pointer == "/mapping-collection/provenance/confidence-score/percentage"
    assert (one.code, one.params) == (Code.WRONG_TYPE, {"value": "much", "expected": "number"})


def test_every_fault_is_told_not_only_the_first():
    value = full()
    changed(value, (*CONTROL, "id"), "5.1")
    changed(value, ("catalog", "uuid"), "x")
    changed(value, ("catalog", "metadata", "title"), ...)
    assert sorted(found(value)) == [
        (Code.MISSING, "/catalog/metadata"),
        (Code.NOT_A_TOKEN, f"{AT}/id"),
        (Code.NOT_A_UUID, "/catalog/uuid"),
    ]


def test_of_very_many_faults_the_rest_is_counted():
    found = faults(as_document(catalog(controls=[control(f"{n}.1") for n in range(LONGEST + 5)])))
    assert len(found) == LONGEST + 1
    assert found[-1] == Fault(Code.MORE, "", {"count": 5})
    assert {one.code for one in found[:-1]} == {Code.NOT_A_TOKEN}


def test_exactly_as_many_faults_as_are_told_are_not_counted():
    found = faults(as_document(catalog(controls=[control(f"{n}.1") for n in range(LONGEST)])))
    assert len(found) == LONGEST and found[-1].code == Code.NOT_A_TOKEN


# How cells fit together


def test_an_id_stands_once_among_groups_controls_and_parts():
    part = {"name": "item", "id": "a-1"}
    value = catalog(groups=[group("g", control("a-1"), control("g")), group("h", control("b-1", parts=[part]))])
    assert faults(as_document(value)) == [
        Fault(Code.DUPLICATE_ID, "/catalog/groups/0/controls/1/id", {"value": "g", "first": "/catalog/groups/0"}),
        Fault(
            Code.DUPLICATE_ID,
            "/catalog/groups/1/controls/0/parts/0/id",
            {"value": "a-1", "first": "/catalog/groups/0/controls/0"},
        ),
    ]


def test_parameters_have_ids_of_their_own():
    param = {"id": "a-1", "label": "x"}
    assert found(catalog(controls=[control("a-1", params=[param])])) == []
    twice = catalog(controls=[control("a-1", params=[param]), control("a-2", params=[param])])
    assert found(twice) == [(Code.DUPLICATE_ID, "/catalog/controls/1/params/0/id")]


def test_a_resource_stands_once_whatever_the_case_of_its_uuid():
    uuid = "abcdef12-1111-4111-8111-111111111111"
    value = catalog(**{"back-matter": {"resources": [{"uuid": uuid}, {"uuid": uuid.upper()}]}})
    assert found(value) == [(Code.DUPLICATE_ID, "/catalog/back-matter/resources/1/uuid")]


def test_who_is_responsible_is_a_role_and_a_party_of_the_document():
    value = full()
    value["catalog"]["metadata"] |= {
        "roles": [{"id": "creator", "title": "x"}],
        "parties": [{"uuid": UUID, "type": "organization"}],
        "responsible-parties": [{"role-id": "creator", "party-uuids": [UUID]}],
    }
    assert found(value) == []
    value["catalog"]["metadata"]["responsible-parties"] += [{"role-id": "owner", "party-uuids": [UUID, RESOURCE]}]
    place = "/catalog/metadata/responsible-parties/1"
    assert faults(as_document(value)) == [
        Fault(Code.DANGLING, f"{place}/role-id", {"value": "owner", "kind": "roles"}),
        Fault(Code.DANGLING, f"{place}/party-uuids/1", {"value": RESOURCE, "kind": "parties"}),
    ]


def test_an_import_by_uuid_needs_its_resource():
    resources = {"back-matter": {"resources": [{"uuid": RESOURCE, "rlinks": [{"href": "a.json"}]}]}}
    assert found(profile(imported(f"#{RESOURCE}"), **resources)) == []
    one = fault(profile(imported(f"#{UUID}"), **resources))
    assert one == Fault(Code.DANGLING, "/profile/imports/0/href", {"value": f"#{UUID}", "kind": "back-matter"})


@pytest.mark.parametrize("kind", ["include-controls", "exclude-controls"])
@pytest.mark.parametrize(("call", "is_right"), [({}, False), ({"with-ids": ["a-1"]}, True), ({"matching": [{}]}, True)])
def test_a_selection_names_ids_or_a_pattern(kind, call, is_right):
    value = profile({"href": "a.json", kind: [call]})
    assert found(value) == ([] if is_right else [(Code.SELECTS_NOTHING, f"/profile/imports/0/{kind}/0")])


@pytest.mark.parametrize("version", ["1.1.3", "1.2.1"])
def test_an_import_takes_all_or_some(version):
    value = profile(imported("a.json", "a-1", **{"include-all": {}}), version=version)
    names = {"names": "include-all, include-controls"}
    assert fault(value) == Fault(Code.NOT_TOGETHER, "/profile/imports/0", names)


@pytest.mark.parametrize("version", ["1.1.3", "1.2.1"])
def test_a_profile_has_one_structure(version):
    value = profile(imported(), version=version, merge={"flat": {}, "as-is": True})
    assert fault(value) == Fault(Code.NOT_TOGETHER, "/profile/merge", {"names": "as-is, flat"})


# Anything at all


CELLS = [
    ("catalog",), ("catalog", "groups"), ("catalog", "groups", 0), (*CONTROL, "id"), (*CONTROL, "params", 0),
    (*CONTROL, "controls"), ("catalog", "metadata"), ("catalog", "metadata", "oscal-version"),
    ("catalog", "metadata", "parties"), ("catalog", "back-matter"),
    ("profile", "imports", 0), ("profile", "merge"), ("profile", "modify"),
]  # fmt: skip


@given(cell=st.sampled_from(CELLS), version=st.sampled_from(["1.1.3", "1.2.1", "9"]), new=VALUE)
def test_whatever_stands_in_a_cell_it_is_right_or_a_fault_below_the_model(cell, version, new):
    value = profile(imported(), version=version) if cell[0] == "profile" else full(version)
    found = faults(as_document(changed(value, cell, new)))
    assert all(one.pointer.startswith(f"/{cell[0]}") for one in found if one.code != Code.MORE)


# NIST's own documents


@pytest.mark.shared
@pytest.mark.parametrize("name", ["nist-sp800-53-rev5-high-catalog.json", "nist-sp800-53-rev5-moderate-profile.json"])
def test_the_documents_of_nist_are_right(shared, name):
    assert faults(documents.read((shared / name).read_bytes())) == []


@pytest.mark.shared
def test_the_documents_of_nist_survive_both_forms(shared):
    content = (shared / "nist-sp800-53-rev5-high-catalog.json").read_bytes()
    value = documents.read(content).value
    assert value == json.loads(content)
    assert documents.read(documents.write(value, "yaml")).value == value
