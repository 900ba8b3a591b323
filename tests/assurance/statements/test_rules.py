"""The pre-check, breach by breach: each has its code, its control or field, its clause and its remedy."""

from dataclasses import replace
from datetime import date

import pytest

from kansatsu.assurance.criteria.rules import Kind, Requirement
from kansatsu.assurance.providers.rules import StandingState
from kansatsu.assurance.statements import rules
from kansatsu.assurance.statements.rules import HeaderFacts, LineFacts, PeriodLimits, UsedService
from kansatsu.assurance.statements.workflow import LineState
from kansatsu.core.problems import Problem, render

LIMITS = PeriodLimits(longest_months=12, shortest_months=3)
HEADER = HeaderFacts(
    texts={
        "service_name": "そらのうえ",
        "scope": "すべて",
        "regions": "東日本",
        "system_overview": "",
        "subsequent_events": "なし",
        "special_notes": "",
        "signatory_name": "署名 たろう",
        "signatory_title": "取締役",
        "signatory_authority": "取締役である。",
    },
    audit_from=date(2024, 4, 1),
    audit_to=date(2025, 3, 31),
)
MANDATORY = LineFacts("3.1.1", Kind.OBJECTIVE, Requirement.MANDATORY, "", LineState.IMPLEMENTED)
OBJECTIVE = LineFacts("9.5.2.P", Kind.OBJECTIVE, Requirement.EXCLUDABLE, "", LineState.IMPLEMENTED)
BASIC = LineFacts(
    "9.5.2.1.PB",
    Kind.DETAILED,
    Requirement.WITH_OBJECTIVE,
    "9.5.2.P",
    LineState.IMPLEMENTED,
    text="設定で固定している。",
)
SELECTABLE = LineFacts(
    "9.5.2.2", Kind.DETAILED, Requirement.SELECTABLE, "9.5.2.P", LineState.IMPLEMENTED, text="手順に定めている。"
)
LINES = (MANDATORY, OBJECTIVE, BASIC, SELECTABLE)
EXCLUDED_OBJECTIVE = replace(OBJECTIVE, state=LineState.EXCLUDED, reason="提供していない。")


def pre_check(header=HEADER, lines=LINES, *, previous_end=None, incomplete=False):
    return rules.pre_check(
        header,
        lines,
        limits=LIMITS,
        previous_end=previous_end,
        edition_id="ismap-2022-04",
        edition_is_incomplete=incomplete,
    )


def without(field):
    return replace(HEADER, texts=HEADER.texts | {field: " \n"})


def using(*, standing, is_base=True):
    return replace(HEADER, used_services=(UsedService("きばんの雲", is_base=is_base, standing=standing),))


def period(first, last):
    return replace(HEADER, audit_from=first, audit_to=last)


def line(of, state, **more):
    return {"lines": [replace(one, state=state, **more) if one is of else one for one in LINES]}


HEADER_BREACHES = [
    pytest.param({"header": without("service_name")}, "service_name_missing", "service_name", {}, id="unnamed"),
    pytest.param({"header": without("scope")}, "scope_missing", "scope", {}, id="no scope"),
    pytest.param({"header": without("regions")}, "regions_missing", "regions", {}, id="no region"),
    pytest.param(
        {"header": without("subsequent_events")}, "subsequent_events_missing", "subsequent_events", {}, id="no events"
    ),
    pytest.param({"header": without("signatory_name")}, "signatory_name_missing", "signatory_name", {}, id="no name"),
    pytest.param({"header": without("signatory_title")}, "signatory_title_missing", "signatory_title", {}, id="title"),
    pytest.param(
        {"header": without("signatory_authority")}, "signatory_authority_missing", "signatory_authority", {},
        id="no authority",
    ),
    pytest.param(
        {"header": using(standing=StandingState.NONE)},
        "base_not_registered", "used_services", {"service": "きばんの雲"}, id="base never registered",
    ),
    pytest.param(
        {"header": using(standing=StandingState.EXPIRED)},
        "base_not_registered", "used_services", {"service": "きばんの雲"}, id="base expired",
    ),
    pytest.param(
        {"header": using(standing=StandingState.REMOVED)},
        "base_not_registered", "used_services", {"service": "きばんの雲"}, id="base removed",
    ),
    pytest.param(
        {"header": period(None, date(2025, 3, 31))}, "period_missing", "audit_period", {}, id="no first day"
    ),
    pytest.param({"header": period(date(2024, 4, 1), None)}, "period_missing", "audit_period", {}, id="no last day"),
    pytest.param(
        {"header": period(date(2025, 3, 31), date(2025, 3, 30))}, "period_reversed", "audit_period", {}, id="reversed"
    ),
    pytest.param(
        {"header": period(date(2024, 4, 1), date(2025, 4, 1))},
        "period_long", "audit_period", {"months": 12, "last": "2025-03-31"}, id="a day too long",
    ),
    pytest.param(
        {"header": period(date(2024, 4, 1), date(2024, 6, 29))},
        "period_short", "audit_period", {"months": 3, "last": "2024-06-30"}, id="a day too short",
    ),
    pytest.param(
        {"previous_end": date(2024, 3, 30)}, "period_gap", "audit_period", {"first": "2024-03-31"}, id="a day between"
    ),
    pytest.param(
        {"previous_end": date(2024, 4, 1)}, "period_gap", "audit_period", {"first": "2024-04-02"}, id="a day twice"
    ),
]  # fmt: skip
LINE_BREACHES = [
    pytest.param(line(SELECTABLE, LineState.UNANSWERED), "unanswered", "9.5.2.2", id="unanswered"),
    pytest.param(
        line(MANDATORY, LineState.EXCLUDED, reason="理由"), "mandatory", "3.1.1", id="mandatory, excluded"
    ),
    pytest.param(
        line(MANDATORY, LineState.NOT_SELECTED, reason="理由"), "mandatory", "3.1.1", id="mandatory, not selected"
    ),
    pytest.param(
        line(BASIC, LineState.EXCLUDED, reason="理由"), "objective_not_excluded", "9.5.2.1.PB", id="alone"
    ),
    pytest.param(
        line(SELECTABLE, LineState.EXCLUDED, reason="理由"), "select_instead", "9.5.2.2", id="excluded, not unselected"
    ),
    pytest.param(
        line(OBJECTIVE, LineState.NOT_SELECTED, reason="理由"), "not_selectable", "9.5.2.P", id="objective not selected"
    ),
    pytest.param(
        line(BASIC, LineState.NOT_SELECTED, reason="理由"), "not_selectable", "9.5.2.1.PB", id="basic not selected"
    ),
    pytest.param(line(SELECTABLE, LineState.NOT_SELECTED, reason=" "), "reason_missing", "9.5.2.2", id="no reason"),
    pytest.param(line(OBJECTIVE, LineState.EXCLUDED), "reason_missing", "9.5.2.P", id="excluded without reason"),
    pytest.param(line(BASIC, LineState.IMPLEMENTED, text="\n"), "text_missing", "9.5.2.1.PB", id="no text"),
    pytest.param(line(BASIC, LineState.INHERITED), "inherited_from_nowhere", "9.5.2.1.PB", id="from nowhere"),
    pytest.param(
        line(BASIC, LineState.INHERITED, inherited_standing=StandingState.NONE),
        "inherited_not_registered", "9.5.2.1.PB", id="inherited, never registered",
    ),
    pytest.param(
        line(BASIC, LineState.INHERITED, inherited_standing=StandingState.EXPIRED),
        "inherited_not_registered", "9.5.2.1.PB", id="inherited, expired",
    ),
    pytest.param(
        line(MANDATORY, LineState.INHERITED, inherited_standing=StandingState.REMOVED),
        "inherited_not_registered", "3.1.1", id="inherited, removed",
    ),
]  # fmt: skip


def reads_well(problem):
    """A clause and a way to mend it, in both languages, without a gap left open."""
    for language in ("ja", "en"):
        text = render(problem, language)
        assert text["clause"] and text["message"] and text["remedy"]
        assert "{" not in text["message"] + text["remedy"]
        assert (problem.control or "") in text["message"]


def test_a_clean_statement_has_no_problem_and_no_notice():
    assert pre_check() == rules.PreCheck((), ())


@pytest.mark.parametrize(("given", "code", "where", "params"), HEADER_BREACHES)
def test_a_breach_in_the_header_is_found_and_nothing_else(given, code, where, params):
    found = pre_check(**given).problems
    assert found == (Problem(f"statements.{code}", where=where, params=params),)
    reads_well(found[0])


@pytest.mark.parametrize(("given", "code", "control"), LINE_BREACHES)
def test_a_breach_in_a_line_is_found_with_its_control_and_nothing_else(given, code, control):
    found = pre_check(**given).problems
    assert [problem for problem in found if problem.control == control] == [
        Problem(f"statements.{code}", where="line", control=control)
    ]
    reads_well(found[0])


@pytest.mark.parametrize(("given", "code", "control"), LINE_BREACHES)
def test_one_broken_line_breaks_no_other(given, code, control):
    assert [problem.control for problem in pre_check(**given).problems] == [control]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((MANDATORY, EXCLUDED_OBJECTIVE, *(
            replace(one, state=LineState.EXCLUDED, reason="統制目標を除いたため。") for one in (BASIC, SELECTABLE)
        )), id="a whole objective with its details"),
        pytest.param(line(SELECTABLE, LineState.NOT_SELECTED, reason="不要。")["lines"], id="not selected"),
        pytest.param(
            line(BASIC, LineState.INHERITED, inherited_standing=StandingState.VALID)["lines"], id="inherited"
        ),
        pytest.param(
            line(MANDATORY, LineState.INHERITED, inherited_standing=StandingState.RENEWAL_PENDING)["lines"],
            id="inherited while the renewal is being decided",
        ),
        pytest.param(line(OBJECTIVE, LineState.IMPLEMENTED, text="")["lines"], id="an objective needs no text"),
        pytest.param((MANDATORY, EXCLUDED_OBJECTIVE, BASIC, SELECTABLE), id="details kept below an excluded objective"),
    ],
)  # fmt: skip
def test_lines_that_are_in_order_have_no_problem(lines):
    assert pre_check(lines=lines).problems == ()


@pytest.mark.parametrize("of", [BASIC, SELECTABLE], ids=["basic", "selectable"])
def test_a_detail_excluded_with_its_objective_still_needs_a_reason(of):
    lines = [EXCLUDED_OBJECTIVE, replace(of, state=LineState.EXCLUDED, reason="")]
    assert pre_check(lines=lines).problems == (Problem("statements.reason_missing", where="line", control=of.number),)


@pytest.mark.parametrize(
    "header",
    [
        using(standing=StandingState.VALID),
        using(standing=StandingState.RENEWAL_PENDING),
        using(standing=StandingState.NONE, is_base=False),
        using(standing=StandingState.EXPIRED, is_base=False),
    ],
    ids=["valid base", "base whose renewal is pending", "other service, unregistered", "other service, expired"],
)
def test_only_a_base_must_stand_on_the_register(header):
    assert pre_check(header).problems == ()


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        # exactly one year and exactly three months are in order
        (date(2024, 4, 1), date(2025, 3, 31), []),
        (date(2024, 4, 1), date(2024, 6, 30), []),
        (date(2024, 10, 15), date(2025, 10, 14), []),
        (date(2024, 10, 15), date(2025, 10, 15), ["period_long"]),
        (date(2024, 10, 15), date(2025, 1, 14), []),
        (date(2024, 10, 15), date(2025, 1, 13), ["period_short"]),
        (date(2025, 3, 31), date(2025, 3, 31), ["period_short"]),
        # from a leap day a year ends with the last of February
        (date(2024, 2, 29), date(2025, 2, 28), []),
        (date(2024, 2, 29), date(2025, 3, 1), ["period_long"]),
        (date(2023, 3, 1), date(2024, 2, 29), []),
        (date(2023, 3, 1), date(2024, 3, 1), ["period_long"]),
        # three months from the end of November: February has no such day
        (date(2024, 11, 29), date(2025, 2, 28), []),
        (date(2024, 11, 30), date(2025, 2, 28), []),
        (date(2024, 11, 30), date(2025, 2, 27), ["period_short"]),
        (date(2023, 11, 30), date(2024, 2, 29), []),
        (date(2023, 11, 30), date(2024, 2, 28), ["period_short"]),
    ],
)
def test_a_period_has_between_three_months_and_one_year(first, last, expected):
    problems = rules.period_problems(first, last, limits=LIMITS, previous_end=None)
    assert [problem.code.removeprefix("statements.") for problem in problems] == expected


@pytest.mark.parametrize(
    ("previous_end", "first"),
    [
        (date(2024, 3, 31), date(2024, 4, 1)),
        (date(2024, 2, 28), date(2024, 2, 29)),
        (date(2023, 2, 28), date(2023, 3, 1)),
        (date(2023, 12, 31), date(2024, 1, 1)),
    ],
)
def test_a_period_that_begins_the_day_after_the_one_before_leaves_no_gap(previous_end, first):
    last = date(first.year, first.month + 5, 28)
    assert rules.period_problems(first, last, limits=LIMITS, previous_end=previous_end) == []


def test_a_period_can_be_too_long_and_leave_a_gap_at_once():
    problems = rules.period_problems(
        date(2024, 4, 2), date(2025, 4, 2), limits=LIMITS, previous_end=date(2024, 3, 31), where="period"
    )
    assert problems == [
        Problem("statements.period_long", where="period", params={"months": 12, "last": "2025-04-01"}),
        Problem("statements.period_gap", where="period", params={"first": "2024-04-01"}),
    ]


def test_problems_come_header_first_then_the_period_then_the_lines_in_order():
    header = replace(without("scope"), audit_from=None)
    lines = [replace(one, state=LineState.UNANSWERED) for one in LINES]
    assert [(one.code.removeprefix("statements."), one.control) for one in pre_check(header, lines).problems] == [
        ("scope_missing", None),
        ("period_missing", None),
        ("unanswered", "3.1.1"),
        ("unanswered", "9.5.2.P"),
        ("unanswered", "9.5.2.1.PB"),
        ("unanswered", "9.5.2.2"),
    ]


def test_a_header_that_lacks_everything_names_every_field():
    empty = HeaderFacts(texts={}, audit_from=None, audit_to=None)
    assert [one.where for one in pre_check(empty).problems] == [
        "service_name",
        "scope",
        "regions",
        "subsequent_events",
        "signatory_name",
        "signatory_title",
        "signatory_authority",
        "audit_period",
    ]


def test_an_incomplete_edition_gives_a_notice_that_stops_nothing():
    found = pre_check(incomplete=True)
    assert found.problems == ()
    assert found.notices == (
        Problem("criteria.incomplete_edition", where="edition", params={"edition": "ismap-2022-04"}),
    )
    reads_well(found.notices[0])
