"""Answers for a sample statement, varied by a seed and right by the pre-check unless told otherwise."""

import random

from kansatsu.assurance.criteria.rules import Kind, Requirement
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.statements.actions import Answer
from kansatsu.assurance.statements.models import Line, Statement
from kansatsu.assurance.statements.workflow import LineState

_HOW = (
    "社内規程「情報セキュリティ管理規程」に定め、年1回見直している。",
    "構成管理ツールで設定を固定し、逸脱を毎日検知して担当者に通知している。",
    "申請と承認を記録するワークフローを通さなければ変更できないようにしている。",
    "監視基盤で常時記録し、当番が一次対応、責任者が翌営業日までに確認している。",
    "委託先との契約に条件を定め、四半期ごとに実施状況の報告を受けている。",
    "全要員に入社時と年1回の教育を行い、理解度を確かめて記録している。",
)
_WHY_NOT = (
    "該当する機能を提供していないため。",
    "対象範囲に該当する設備がないため。",
    "別の管理策で同等以上の対策を行っているため。",
)
_WHO = ("情報セキュリティ室", "基盤運用部", "開発部", "人事部", "法務部", "サービス管理部")


def answers(statement: Statement, *, seed: int, share: float = 1.0, base: Service | None = None) -> list[Answer]:
    """Answers to the first share of the lines.

    :param share: how much of the statement, 0 to 1.
    :param base: a registered service from which some lines are inherited.
    """
    chance = random.Random(seed)  # noqa: S311  (sample text, no secret)
    rows = list(
        Line.objects.filter(statement=statement)
        .order_by("control__sort_key")
        .values_list("control__number", "control__kind", "control__requirement", "control__parent_number")
    )
    given: list[Answer] = []
    excluded: set[str] = set()
    for number, kind, requirement, parent in rows[: round(len(rows) * share)]:
        leaves_out = chance.random()
        who = chance.choice(_WHO)
        if requirement == Requirement.EXCLUDABLE and leaves_out < 0.03:
            excluded.add(number)
            given.append(Answer(number, LineState.EXCLUDED, reason=chance.choice(_WHY_NOT), responsible=who))
        elif parent in excluded:
            given.append(Answer(number, LineState.EXCLUDED, reason="統制目標を対象外としているため。", responsible=who))
        elif requirement == Requirement.SELECTABLE and leaves_out < 0.25:
            given.append(Answer(number, LineState.NOT_SELECTED, reason=chance.choice(_WHY_NOT), responsible=who))
        elif base is not None and kind == Kind.DETAILED and number.startswith("11.") and leaves_out < 0.8:
            given.append(Answer(number, LineState.INHERITED, responsible=base.name, inherited_from=base))
        else:
            text = "".join(chance.sample(_HOW, chance.randint(1, 3))) if kind == Kind.DETAILED else ""
            given.append(Answer(number, LineState.IMPLEMENTED, text=text, responsible=who))
    return given


def header(service: Service, *, regions: str = "東日本\n西日本") -> dict[str, str]:
    """The header's texts for a sample service."""
    return {
        "service_name": service.name,
        "scope": f"{service.name}（Webコンソール、API、および利用者データを保管する基盤）。"
        "サポート窓口の電話受付は対象に含まない。",
        "regions": regions,
        "system_overview": "二つのデータセンターの物理基盤、仮想化層、ミドルウェア、アプリケーションから成る。",
        "subsequent_events": "なし",
        "special_notes": "",
        "signatory_name": "署名 たろう",
        "signatory_title": "取締役 最高情報セキュリティ責任者",
        "signatory_authority": "取締役会規程に基づき、情報セキュリティ統治の最終責任を負う取締役。",
    }
