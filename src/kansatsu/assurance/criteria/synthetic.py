"""Made-up selectable detailed controls, so that demonstrations and measurements have an edition of full size.

The official texts are not ours to ship. What is generated here is seeded, varied in length and marked as synthetic.
"""

import random

from kansatsu.assurance.criteria import rules
from kansatsu.assurance.criteria.rules import ControlFacts, Kind, Part, Requirement

_SUBJECTS = (
    "事業者の責任者",
    "運用担当の部門",
    "情報を取り扱う要員",
    "開発を担う組織",
    "委託先の管理者",
    "監視を行う当番",
    "利用者窓口",
)
_OBJECTS = (
    "利用の記録",
    "設定の一覧",
    "権限の割当て",
    "復旧の手順",
    "点検の結果",
    "委託の条件",
    "鍵の保管状況",
    "変更の申請",
    "障害の履歴",
)
_ACTS = (
    "定期的に見直し",
    "文書に定め",
    "承認を得て行い",
    "変更のつど確かめ",
    "責任者へ報告し",
    "関係者に周知し",
    "証跡を残し",
)
_ENDS = (
    "その結果を次の計画に反映する。",
    "定めた期間保管する。",
    "逸脱があれば是正する。",
    "必要な改善を行う。",
    "利用者に求められたときに示す。",
)
_TITLES = (
    "見直しの周期",
    "担当と権限",
    "記録の保管",
    "手順の整備",
    "例外の扱い",
    "教育と周知",
    "監視と報告",
    "委託先の条件",
    "変更時の確認",
)
_TITLES_EN = ("Review cycle", "Duties and authority", "Keeping records", "Procedures", "Handling exceptions",
              "Training and notice", "Monitoring and reports", "Terms for contractors", "Checks on change")  # fmt: skip


def details_up_to(controls: tuple[ControlFacts, ...], *, total: int, seed: int) -> tuple[ControlFacts, ...]:
    """The controls and as many synthetic details under the objectives of chapters 5 to 18 as make up the total.

    Numbers below an existing marked detail (``12.6.1.18.PB``) are filled first; then every objective grows in turn.

    :raises ValueError: there are more controls than the total already.
    """
    missing = total - len(controls)
    if missing < 0:
        raise ValueError(f"{len(controls)} controls are more than {total}")
    chance = random.Random(seed)  # noqa: S311  (sample text, no secret)
    objectives = [one for one in controls if one.part == Part.CONTROLS and one.kind == Kind.OBJECTIVE]
    taken = {rules.digits(one.number) for one in controls}
    highest = {rules.digits(one.number)[:3]: 0 for one in objectives}
    for parts in taken:
        if len(parts) == 4 and parts[:3] in highest:
            highest[parts[:3]] = max(highest[parts[:3]], parts[3])
    wanted = [(*stem, last) for stem, top in highest.items() for last in range(1, top + 1)]
    wanted = [parts for parts in wanted if parts not in taken]
    stems = list(highest)
    while len(wanted) < missing:
        stem = chance.choice(stems)
        highest[stem] += 1
        wanted.append((*stem, highest[stem]))
    return controls + tuple(_detail(parts, chance) for parts in wanted[:missing])


def _detail(parts: tuple[int, ...], chance: random.Random) -> ControlFacts:
    number = ".".join(str(part) for part in parts)
    title = chance.randrange(len(_TITLES))
    return ControlFacts(
        number=number,
        part=Part.CONTROLS,
        kind=Kind.DETAILED,
        mark="",
        requirement=Requirement.SELECTABLE,
        base="synthetic",
        title_ja=f"（見本）{_TITLES[title]}",
        title_en=f"(sample) {_TITLES_EN[title]}",
        text_ja=_text(chance, chance.randint(40, 600)),
    )


def _text(chance: random.Random, length: int) -> str:
    text = "【見本】"
    while len(text) < length:
        who, what = chance.choice(_SUBJECTS), chance.choice(_OBJECTS)
        text += f"{who}は、{what}について、{chance.choice(_ACTS)}、{chance.choice(_ENDS)}"
    return text[: length - 1] + "。"
