"""A profile becomes the catalogue it describes: imported, merged, altered; or it is refused with the reason."""

import copy
import json
import uuid

import pytest
from tests.exchange.oscal.conftest import RESOURCE, UUID, as_document, catalog, control, group, imported, profile

from kansatsu.exchange.oscal import documents, profiles
from kansatsu.exchange.oscal.faults import Code, Fault
from kansatsu.exchange.oscal.profiles import UnresolvableProfileError
from kansatsu.exchange.oscal.validation import faults

AS_IS = {"as-is": True}
FIRST = {"flat": {}, "combine": {"method": "use-first"}}
SOURCE = catalog(
    groups=[
        group("g1", control("a-1", control("a-1.1", control("a-1.1.1")), control("a-1.2")), control("a-2")),
        {"id": "g2", "title": "群", "groups": [group("g3", control("b-1"), control("b-10"))]},
    ],
    controls=[control("c-1")],
)
ALL = ["a-1", "a-1.1", "a-1.1.1", "a-1.2", "a-2", "b-1", "b-10", "c-1"]


def refusing(location):
    raise documents.UnreadableDocumentError(Fault(Code.NOT_FOUND, "", {"href": location}))


def loading(files):
    """Gives the files by name; what it was asked for stands in `asked`."""

    def load(location):
        load.asked.append(location)
        return as_document(files[location]) if location in files else refusing(location)

    load.asked = []
    return load


def resolved(value, files=None, location="profile.json"):
    files = files or {"catalog.json": SOURCE}
    before = copy.deepcopy(files)
    found = profiles.resolve(as_document(value), location=location, load=loading(files))
    assert faults(as_document(found), expected_model="catalog") == []
    assert files == before
    return found["catalog"]


def refused(value, files=None, location="profile.json"):
    load = loading(files or {"catalog.json": SOURCE})
    with pytest.raises(UnresolvableProfileError) as error:
        profiles.resolve(as_document(value), location=location, load=load)
    (one,) = error.value.faults
    return one


def tree(node):
    """The ids below, by group, controls before groups."""
    controls = [(one["id"], *tree(one)) if "controls" in one else one["id"] for one in node.get("controls", ())]
    return controls + [{one.get("id", ""): tree(one)} for one in node.get("groups", ())]


def flat(value, files=None):
    return [one["id"] for one in resolved(value, files).get("controls", ())]


# Import


def test_all_controls_are_imported_at_every_level():
    assert sorted(flat(profile(imported()))) == ALL


def test_named_controls_are_imported_without_their_children():
    assert flat(profile(imported("catalog.json", "a-1", "b-1"))) == ["a-1", "b-1"]


def test_children_come_along_when_asked_for_at_every_level():
    call = {"with-ids": ["a-1"], "with-child-controls": "yes"}
    assert flat(profile(imported(**{"include-controls": [call]}))) == ["a-1", "a-1.1", "a-1.1.1", "a-1.2"]
    call["with-child-controls"] = "no"
    assert flat(profile(imported(**{"include-controls": [call]}))) == ["a-1"]


@pytest.mark.parametrize(
    ("pattern", "ids"),
    [
        ("a-1*", ["a-1", "a-1.1", "a-1.1.1", "a-1.2"]),
        ("a-?", ["a-1", "a-2"]),
        ("?-1", ["c-1", "a-1", "b-1"]),
        ("*.1", ["a-1.1", "a-1.1.1"]),
        ("a-1.1", ["a-1.1"]),
        ("A-1", []),
        ("[ab]-1", []),
    ],
)
def test_a_pattern_selects_ids_with_stars_and_question_marks(pattern, ids):
    call = {"with-ids": ["b-10"], "matching": [{"pattern": pattern}]}
    assert sorted(flat(profile(imported(**{"include-controls": [call]})))) == sorted([*ids, "b-10"])


def test_several_selections_add_up():
    calls = [{"with-ids": ["a-1", "a-2"]}, {"matching": [{"pattern": "b-*"}]}]
    assert flat(profile(imported(**{"include-controls": calls}))) == ["a-1", "a-2", "b-1", "b-10"]


def test_exclusion_prevails_over_inclusion():
    exclude = [{"with-ids": ["a-2", "no-such"]}, {"matching": [{"pattern": "b-*"}]}]
    assert sorted(flat(profile(imported(**{"exclude-controls": exclude})))) == [
        "a-1",
        "a-1.1",
        "a-1.1.1",
        "a-1.2",
        "c-1",
    ]
    exclude = [{"with-ids": ["a-1"], "with-child-controls": "yes"}]
    assert sorted(flat(profile(imported(**{"exclude-controls": exclude})))) == ["a-2", "b-1", "b-10", "c-1"]


def test_several_imports_are_put_together_in_their_order():
    files = {"catalog.json": SOURCE, "other.json": catalog(controls=[control("z-1"), control("z-2")])}
    assert flat(profile(imported("other.json", "z-2"), imported("catalog.json", "c-1")), files) == ["z-2", "c-1"]


def test_a_control_that_is_not_there_is_named():
    one = refused(profile(imported(), imported("catalog.json", "a-1", "a-9")))
    where = "/profile/imports/1/include-controls/0/with-ids/1"
    assert one == Fault(Code.UNKNOWN_CONTROL, where, {"value": "a-9"})


def test_a_profile_may_import_profiles():
    files = {
        "base/catalog.json": SOURCE,
        "base/low.json": profile(imported("catalog.json", "a-1", "a-1.1", "b-1"), merge=AS_IS),
    }
    value = profile(imported("base/low.json", **{"exclude-controls": [{"with-ids": ["b-1"]}]}), merge=AS_IS)
    assert tree(resolved(value, files)) == [{"g1": [("a-1", "a-1.1")]}]


def test_what_an_imported_profile_leaves_out_is_not_there():
    files = {"catalog.json": SOURCE, "low.json": profile(imported("catalog.json", "a-1"))}
    one = refused(profile(imported("low.json", "a-2")), files)
    assert one.code == Code.UNKNOWN_CONTROL


@pytest.mark.parametrize(
    ("location", "href", "asked"),
    [
        ("profile.json", "catalog.json", "catalog.json"),
        ("x/profile.json", "catalog.json", "x/catalog.json"),
        ("x/profile.json", "../catalog.json", "catalog.json"),
        ("/x/y/profile.json", "./../a%20b/%E9%91%91.json", "/x/a b/鑑.json"),
        ("x/profile.json", "/catalog.json#part", "/catalog.json"),
    ],
)
def test_a_reference_starts_from_the_folder_of_the_file_that_holds_it(location, href, asked):
    assert resolved(profile(imported(href)), {asked: SOURCE}, location)["controls"]


@pytest.mark.parametrize(
    "href", ["https://example.jp/a.json", "http://x/a", "//x/a", "file:///etc/a", "ftp://x/a", "a:b", "a%00b"]
)
def test_nothing_is_fetched_from_elsewhere(href):
    assert refused(profile(imported(href))) == Fault(Code.REMOTE, "/profile/imports/0/href", {"href": href})


def test_a_file_that_is_not_there_is_named():
    one = refused(profile(imported("x/y.json")), location="z/profile.json")
    assert one == Fault(Code.NOT_FOUND, "/profile/imports/0/href", {"href": "z/x/y.json"})


def back_matter(*links):
    return {"back-matter": {"resources": [{"uuid": RESOURCE, "rlinks": list(links)}]}}


@pytest.mark.parametrize("href", [f"#{RESOURCE}", f"#{RESOURCE.upper()}"])
def test_an_import_may_go_through_the_back_matter(href):
    links = [
        {"href": "catalog.xml", "media-type": "application/oscal.catalog+xml"},
        {"href": "missing.json"},
        {"href": "https://example.jp/catalog.json"},
        {"href": "catalog.json", "media-type": "application/oscal.catalog+json"},
    ]
    assert flat(profile(imported(href, "c-1"), **back_matter(*links))) == ["c-1"]


def test_of_links_that_all_fail_the_first_is_told():
    links = [{"href": "missing.yaml"}, {"href": "https://example.jp/catalog.json"}]
    one = refused(profile(imported(f"#{RESOURCE}"), **back_matter(*links)))
    assert (one.code, one.params) == (Code.NOT_FOUND, {"href": "missing.yaml"})


def test_a_resource_without_readable_links_is_told():
    one = refused(profile(imported(f"#{RESOURCE}"), **back_matter({"href": "catalog.xml"})))
    assert one == Fault(Code.NO_READABLE_LINK, "/profile/imports/0/href", {"value": f"#{RESOURCE}"})
    assert refused(profile(imported(f"#{RESOURCE}"))).code == Code.DANGLING


def test_profiles_in_a_circle_are_told_with_the_circle():
    files = {"a.json": profile(imported("x/b.json")), "x/b.json": profile(imported("../a.json"))}
    one = refused(profile(imported("a.json")), files, "start.json")
    assert one == Fault(Code.CIRCULAR, "x/b.json#/profile/imports/0/href", {"circle": "a.json → x/b.json → a.json"})


def test_a_profile_that_imports_itself_is_a_circle():
    value = profile(imported("profile.json"))
    one = refused(value, {"profile.json": value})
    assert (one.code, one.params) == (Code.CIRCULAR, {"circle": "profile.json → profile.json"})


def test_a_diamond_is_no_circle_and_each_file_is_read_once():
    files = {
        "catalog.json": SOURCE,
        "left.json": profile(imported("catalog.json", "a-1")),
        "right.json": profile(imported("catalog.json", "a-2")),
    }
    load = loading(files)
    value = profile(imported("left.json"), imported("right.json"), imported("left.json", "a-1"), merge=FIRST)
    found = profiles.resolve(as_document(value), location="p.json", load=load)
    assert tree(found["catalog"]) == ["a-1", "a-2"]
    assert load.asked == ["left.json", "catalog.json", "right.json"]


def test_a_chain_of_profiles_ends_somewhere():
    files = {f"{n}.json": profile(imported(f"{n + 1}.json")) for n in range(20)} | {"20.json": SOURCE}
    one = refused(files["0.json"], files, "0.json")
    assert (one.code, one.pointer, one.params) == (
        Code.CHAIN_TOO_LONG,
        "15.json#/profile/imports/0/href",
        {"limit": profiles.LONGEST_CHAIN},
    )
    assert resolved(files["5.json"], files, "5.json")


def test_what_has_not_its_form_is_not_resolved():
    assert refused(profile(imported("5 1"))).code == Code.NOT_A_URI_REFERENCE
    one = refused(profile(imported()), {"catalog.json": catalog(controls=[control("5.1")])})
    assert one == Fault(Code.NOT_A_TOKEN, "catalog.json#/catalog/controls/0/id", {"value": "5.1"})


def test_only_a_profile_is_resolved_and_only_catalogues_and_profiles_are_imported():
    assert refused(SOURCE) == Fault(Code.NOT_A_SOURCE, "", {"model": "catalog", "legal": "profile"})
    component = {"component-definition": {"uuid": UUID, "metadata": SOURCE["catalog"]["metadata"]}}
    one = refused(profile(imported()), {"catalog.json": component})
    assert one.code == Code.NOT_A_SOURCE
    assert one.params == {"model": "component-definition", "legal": "catalog, profile"}


def test_a_source_that_cannot_be_read_is_told_with_its_place():
    def load(location):
        return documents.read(b"{")

    with pytest.raises(UnresolvableProfileError) as error:
        profiles.resolve(as_document(profile(imported())), location="p.json", load=load)
    assert [(one.code, one.pointer) for one in error.value.faults] == [(Code.NOT_JSON, "catalog.json#")]


# Merge


def test_without_a_directive_controls_come_out_flat():
    found = resolved(profile(imported("catalog.json", "a-1", "a-1.1", "b-1", "c-1")))
    assert tree(found) == ["c-1", "a-1", "a-1.1", "b-1"]
    assert tree(found) == tree(
        resolved(profile(imported("catalog.json", "a-1", "a-1.1", "b-1", "c-1"), merge={"flat": {}}))
    )


def test_as_is_keeps_groups_and_nesting_and_drops_what_is_empty():
    value = profile(imported("catalog.json", "a-1", "a-1.1", "b-10"), merge=AS_IS)
    assert tree(resolved(value)) == [{"g1": [("a-1", "a-1.1")]}, {"g2": [{"g3": ["b-10"]}]}]


def test_a_child_without_its_parent_takes_the_parents_place():
    value = profile(imported("catalog.json", "a-1.1.1", "a-2"), merge=AS_IS)
    assert tree(resolved(value)) == [{"g1": ["a-1.1.1", "a-2"]}]


def test_groups_of_one_id_become_one():
    other = catalog(
        groups=[
            group("g1", control("z-1"), props=[{"name": "x", "value": "y"}]),
            {"title": "無名", "controls": [control("z-2")]},
        ]
    )
    value = profile(imported("catalog.json", "a-2", "b-1"), imported("other.json"), merge=AS_IS)
    found = resolved(value, {"catalog.json": SOURCE, "other.json": other})
    assert tree(found) == [{"g1": ["a-2", "z-1"]}, {"g2": [{"g3": ["b-1"]}]}, {"": ["z-2"]}]
    assert found["groups"][0]["title"] == "群 g1"
    assert found["groups"][0]["props"] == [{"name": "x", "value": "y"}]


TWICE = {
    "one.json": catalog(controls=[control("a-1", control("a-1.1"), props=[{"name": "x", "value": "1"}])]),
    "two.json": catalog(
        controls=[
            control(
                "a-1", control("a-1.2"),
                props=[{"name": "x", "value": "1"}, {"name": "y", "value": "2"}],
                parts=[{"name": "item", "id": "a-1_item"}],
            )
        ]
    ),
}  # fmt: skip


@pytest.mark.parametrize("merge", [{"flat": {}}, {"flat": {}, "combine": {"method": "keep"}}])
def test_to_keep_keeps_both_which_the_check_of_the_result_tells(merge):
    value = profile(imported("one.json"), imported("two.json"), merge=merge)
    found = profiles.resolve(as_document(value), location="p.json", load=loading(TWICE))
    assert tree(found["catalog"]) == ["a-1", "a-1.1", "a-1", "a-1.2"]
    assert [one.code for one in faults(as_document(found))] == [Code.DUPLICATE_ID]


def test_use_first_takes_the_first_and_still_the_others_children():
    value = profile(imported("one.json"), imported("two.json"), merge={**AS_IS, "combine": {"method": "use-first"}})
    found = resolved(value, TWICE)
    assert tree(found) == [("a-1", "a-1.1", "a-1.2")]
    assert found["controls"][0]["props"] == [{"name": "x", "value": "1"}]
    assert "parts" not in found["controls"][0]


def test_merge_adds_what_the_first_has_not():
    value = profile(imported("one.json"), imported("two.json"), merge={**AS_IS, "combine": {"method": "merge"}})
    first = resolved(value, TWICE)["controls"][0]
    assert first["props"] == [{"name": "x", "value": "1"}, {"name": "y", "value": "2"}]
    assert first["parts"] == [{"name": "item", "id": "a-1_item"}]
    assert first["title"] == "管理策 a-1"


def test_a_profile_may_give_its_own_structure():
    custom = {
        "groups": [
            {
                "id": "first",
                "title": "第一",
                "insert-controls": [
                    {"order": "descending", "include-controls": [{"with-ids": ["a-2", "b-1"]}]},
                    {"include-controls": [{"matching": [{"pattern": "c-*"}]}]},
                ],
            },
            {"id": "outer", "title": "外", "groups": [{"id": "inner", "title": "内", "insert-controls": [
                {"order": "ascending", "include-all": {}, "exclude-controls": [{"matching": [{"pattern": "[!a]*"}]},
                 {"with-ids": ["a-2", "b-1", "c-1"]}]}]}]},
        ],
        "insert-controls": [{"include-controls": [{"with-ids": ["b-10"]}]}],
    }  # fmt: skip
    value = profile(imported("catalog.json", "a-1", "a-1.1", "a-2", "b-1", "c-1"), merge={"custom": custom})
    assert tree(resolved(value)) == [
        {"first": ["b-1", "a-2", "c-1"]},
        {"outer": [{"inner": [("a-1", "a-1.1")]}]},
    ]


# Modify


def altered(*alters, settings=(), **content):
    """The one control of a catalogue, under a profile's modifications. (Only 1.2 has addresses in `by-ns`.)"""
    source = catalog(controls=[control("a-1", control("a-1.1"), **content)])
    modify = {"set-parameters": list(settings)} if settings else {}
    modify |= {"alters": [{"control-id": "a-1", **one} for one in alters]} if alters else {}
    value = profile(imported(), modify=modify, merge=AS_IS, version="1.2.1")
    return resolved(value, {"catalog.json": source})["controls"][0]


PARTS = [
    {"name": "statement", "id": "s", "parts": [{"name": "item", "id": "s.a"}, {"name": "item", "id": "s.b"}]},
    {
        "name": "guidance",
        "id": "g",
        "class": "old",
        "ns": "https://example.jp/ns",
        "props": [{"name": "x", "value": "1"}],
    },
]
PROPS = [
    {"name": "label", "value": "A"},
    {"name": "label", "value": "B", "class": "old"},
    {"name": "x", "value": "C", "ns": "https://example.jp/ns"},
]


def test_a_parameter_takes_its_values_and_texts_and_keeps_the_rest():
    params = [
        {
            "id": "p",
            "label": "旧",
            "usage": "用途",
            "values": ["1"],
            "props": [{"name": "a", "value": "1", "uuid": UUID}],
        }
    ]
    setting = {
        "param-id": "p", "label": "新", "values": ["2", "3"],
        "props": [{"name": "a", "value": "2", "uuid": UUID}], "constraints": [{"description": "x"}],
    }  # fmt: skip
    assert altered(settings=[setting], params=params)["params"] == [
        {
            "id": "p", "label": "新", "usage": "用途", "props": [{"name": "a", "value": "2", "uuid": UUID}],
            "values": ["2", "3"], "constraints": [{"description": "x"}],
        }
    ]  # fmt: skip


def test_a_choice_gives_way_to_values_and_values_to_a_choice():
    choice = {"how-many": "one", "choice": ["x", "y"]}
    params = [{"id": "p", "select": choice}, {"id": "q", "values": ["1"]}]
    settings = [{"param-id": "p", "values": ["x"]}, {"param-id": "q", "select": choice}]
    assert altered(settings=settings, params=params)["params"] == [
        {"id": "p", "values": ["x"]},
        {"id": "q", "select": choice},
    ]


def test_the_last_setting_of_a_parameter_prevails_and_one_without_its_parameter_is_passed_over():
    settings = [
        {"param-id": "p", "values": ["1"]},
        {"param-id": "p", "values": ["2"]},
        {"param-id": "no", "values": ["3"]},
    ]
    assert altered(settings=settings, params=[{"id": "p", "label": "x"}])["params"][0]["values"] == ["2"]


@pytest.mark.parametrize(
    ("removal", "props", "parts"),
    [
        ({"by-name": "label"}, ["C"], ["s", "s.a", "s.b", "g"]),
        ({"by-class": "old"}, ["A", "C"], ["s", "s.a", "s.b"]),
        ({"by-id": "s.a"}, ["A", "B", "C"], ["s", "s.b", "g"]),
        ({"by-id": "s"}, ["A", "B", "C"], ["g"]),
        ({"by-item-name": "part"}, ["A", "B", "C"], []),
        ({"by-item-name": "prop"}, [], ["s", "s.a", "s.b", "g"]),
        ({"by-item-name": "prop", "by-name": "item"}, ["A", "B", "C"], ["s", "s.a", "s.b", "g"]),
        ({"by-ns": "https://example.jp/ns"}, ["A", "B"], ["s", "s.a", "s.b"]),
        ({"by-ns": "http://csrc.nist.gov/ns/oscal", "by-item-name": "prop"}, ["C"], ["s", "s.a", "s.b", "g"]),
        ({"by-name": "label", "by-class": "old"}, ["A", "C"], ["s", "s.a", "s.b", "g"]),
        ({}, ["A", "B", "C"], ["s", "s.a", "s.b", "g"]),
    ],
)
def test_what_meets_every_condition_is_removed(removal, props, parts):
    def ids(node):
        return [name for one in node.get("parts", ()) for name in (one["id"], *ids(one))]

    found = altered({"removes": [removal]}, props=PROPS, parts=PARTS)
    assert [one["value"] for one in found.get("props", ())] == props
    assert ids(found) == parts
    assert [one["id"] for one in found["controls"]] == ["a-1.1"]


@pytest.mark.parametrize(
    ("add", "order"),
    [
        ({}, ["s", "g", "new"]),
        ({"position": "ending"}, ["s", "g", "new"]),
        ({"position": "starting"}, ["new", "s", "g"]),
        ({"by-id": "a-1", "position": "starting"}, ["new", "s", "g"]),
        ({"by-id": "g", "position": "before"}, ["s", "new", "g"]),
        ({"by-id": "s", "position": "after"}, ["s", "new", "g"]),
    ],
)
def test_a_part_is_added_where_the_position_says(add, order):
    found = altered({"adds": [{**add, "parts": [{"name": "item", "id": "new"}]}]}, parts=PARTS)
    assert [one["id"] for one in found["parts"]] == order


@pytest.mark.parametrize(
    ("add", "order"),
    [
        ({"by-id": "s.b", "position": "before"}, ["s.a", "new", "s.b"]),
        ({"by-id": "s.b", "position": "after"}, ["s.a", "s.b", "new"]),
        ({"by-id": "s", "position": "starting"}, ["new", "s.a", "s.b"]),
        ({"by-id": "s"}, ["s.a", "s.b", "new"]),
    ],
)
def test_a_part_is_added_inside_another(add, order):
    found = altered({"adds": [{**add, "parts": [{"name": "item", "id": "new"}]}]}, parts=PARTS)
    assert [one["id"] for one in found["parts"][0]["parts"]] == order


def test_parameters_properties_links_and_a_title_are_added_too():
    add = {
        "title": "新題",
        "params": [{"id": "p"}],
        "props": [{"name": "x", "value": "1"}],
        "links": [{"href": "#a-1"}],
    }
    found = altered({"adds": [add]}, props=PROPS)
    assert found["title"] == "新題"
    assert [one["value"] for one in found["props"]] == ["A", "B", "C", "1"]
    assert (found["params"], found["links"]) == (add["params"], add["links"])


def test_a_parameter_is_added_beside_another():
    params = [{"id": "p"}, {"id": "q"}]
    found = altered({"adds": [{"by-id": "q", "position": "before", "params": [{"id": "new"}]}]}, params=params)
    assert [one["id"] for one in found["params"]] == ["p", "new", "q"]


def test_what_is_removed_makes_room_for_what_is_added():
    change = {
        "removes": [{"by-id": "s"}],
        "adds": [{"position": "starting", "parts": [{"name": "statement", "id": "s"}]}],
    }
    assert altered(change, parts=PARTS)["parts"][0] == {"name": "statement", "id": "s"}


def test_an_addition_needs_its_place():
    source = catalog(controls=[control("a-1")])
    alters = [{"control-id": "a-1", "adds": [{"by-id": "no", "props": PROPS}]}]
    one = refused(profile(imported(), modify={"alters": alters}), {"catalog.json": source})
    assert one == Fault(Code.UNKNOWN_PLACE, "/profile/modify/alters/0/adds/0/by-id", {"value": "no", "control": "a-1"})


def test_an_alteration_of_a_control_that_is_not_selected_is_passed_over():
    value = profile(
        imported("catalog.json", "a-2"), modify={"alters": [{"control-id": "a-1", "adds": [{"props": PROPS}]}]}
    )
    assert flat(value) == ["a-2"]


def test_a_profile_modifies_what_the_one_below_has_modified():
    def setting(value):
        return {"set-parameters": [{"param-id": "p", "values": [value]}]}

    files = {
        "catalog.json": catalog(controls=[control("a-1", params=[{"id": "p", "label": "x"}])]),
        "low.json": profile(imported("catalog.json"), modify=setting("低")),
    }
    assert resolved(profile(imported("low.json")), files)["controls"][0]["params"][0]["values"] == ["低"]
    upper = profile(imported("low.json"), modify=setting("高"))
    assert resolved(upper, files)["controls"][0]["params"][0]["values"] == ["高"]


# The head and the back matter


def test_the_catalogue_says_what_it_was_made_from():
    found = resolved(profile(imported("catalog.json", "a-1")), location="base.json")
    metadata = found["metadata"]
    assert metadata["title"] == "試験" and metadata["last-modified"] == "2024-02-04T23:16:00.000000-00:00"
    assert metadata["props"] == [{"name": "resolution-tool", "value": "Kansatsu"}]
    assert metadata["links"] == [{"href": "base.json", "rel": "source-profile"}]
    assert uuid.UUID(found["uuid"]).version == 5


def test_a_name_that_is_no_reference_is_encoded():
    files = {"x/catalog.json": SOURCE}
    found = resolved(profile(imported()), files, "x/基準 1.json")
    assert found["metadata"]["links"][0]["href"] == "%E5%9F%BA%E6%BA%96%201.json"


def test_equal_inputs_give_equal_outputs_and_other_inputs_another_uuid():
    value = profile(imported("catalog.json", "a-1"))
    first = resolved(value)
    assert json.dumps(resolved(value)) == json.dumps(first)
    other = copy.deepcopy(SOURCE)
    other["catalog"]["controls"][0]["title"] = "別"
    assert resolved(value, {"catalog.json": other})["uuid"] != first["uuid"]


def test_the_back_matter_holds_what_is_referred_to_or_marked():
    uuids = [f"{n}2222222-2222-4222-8222-222222222222" for n in "12345"]
    resources = [{"uuid": one, "title": "元"} for one in uuids[:4]]
    resources[3]["props"] = [{"name": "keep", "value": "always"}]
    prose = f"[資料](#{uuids[1]})"
    source = catalog(
        controls=[control("a-1", links=[{"href": f"#{uuids[0].upper()}"}], parts=[{"name": "item", "prose": prose}])],
        **{"back-matter": {"resources": resources}},
    )
    own = {"back-matter": {"resources": [{"uuid": uuids[0], "title": "新"}, {"uuid": uuids[4]}]}}
    found = resolved(profile(imported(), **own), {"catalog.json": source})
    assert [(one["uuid"], one["title"]) for one in found["back-matter"]["resources"]] == [
        (uuids[0], "新"), (uuids[1], "元"), (uuids[3], "元"),
    ]  # fmt: skip


@pytest.mark.parametrize("merge", [AS_IS, {"flat": {}}])
def test_loose_parameters_stay_only_where_they_are_inserted_or_marked(merge):
    keep = {"props": [{"name": "keep", "value": "always"}]}
    part = {"name": "item", "prose": "期間は {{ insert: param, p-1 }} とする。"}
    source = catalog(
        params=[{"id": "p-1", "label": "x"}, {"id": "p-2"}, {"id": "p-3", **keep}],
        groups=[group("g", control("a-1", parts=[part]), params=[{"id": "p-4"}, {"id": "p-5", **keep}])],
    )
    found = resolved(profile(imported(), merge=merge), {"catalog.json": source})
    groups = [one["id"] for each in found.get("groups", ()) for one in each["params"]]
    assert [one["id"] for one in found["params"]] + groups == ["p-1", "p-3", "p-5"]


# NIST's own documents


@pytest.mark.shared
@pytest.mark.parametrize("through", ["href", "rlinks"])
def test_the_moderate_baseline_has_287_controls(shared, through):
    source = documents.read((shared / "nist-sp800-53-rev5-high-catalog.json").read_bytes())
    value = json.loads((shared / "nist-sp800-53-rev5-moderate-profile.json").read_bytes())
    if through == "href":
        value["profile"]["imports"][0]["href"] = "high.json"
    else:
        value["profile"]["back-matter"]["resources"][0]["rlinks"] = [{"href": "high.json"}]
    asked = value["profile"]["imports"][0]["include-controls"][0]["with-ids"]
    found = as_document(profiles.resolve(as_document(value), location="moderate.json", load=lambda _: source))
    assert faults(found) == []
    assert sorted(one["id"] for one in profiles._controls(found.root)) == sorted(asked)
    assert len(asked) == 287
    assert len(found.root["groups"]) == len({one.partition("-")[0] for one in asked})
