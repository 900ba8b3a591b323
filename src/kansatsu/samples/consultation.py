"""A made-up draft of the criteria that is out for comment, with comments on some of its lines."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from kansatsu.accounts.actors import Actor
from kansatsu.assurance.criteria import actions, editions
from kansatsu.assurance.criteria.models import Control, Edition
from kansatsu.assurance.criteria.rules import EditionHeader
from kansatsu.core.calendar import tokyo_date

EDITION = "sample-draft"
_TEXTS = {
    "5.7": "（見本）脅威に関する情報を集めて分析し、対策の見直しに用いる。\n"
    "(a) 集める情報の範囲と入手先を定める。\n(b) 分析した結果を責任者に報告する。",
    "5.23": "（見本）クラウドサービスの調達、利用、管理および終了の手順を、組織の要求事項に沿って定める。",
    "8.9": "（見本）機器・ソフトウェア・サービスの構成を定めて記録し、実際の構成が合っているかを確かめる。",
    "8.28": "（見本）ソフトウェアを書くときの決まりを定め、開発者に守らせる。",
}  # fmt: skip
_COMMENTS = (
    ("provider", "5.7", "集める範囲に、クラウド事業者が自ら検知した攻撃の情報は含まれますか。",
     "含まれます。公表する版では (a) にその旨を書き加えます。"),
    ("kawasemi", "5.7", "小規模な事業者では専任の担当を置けません。外部への委託でもよいと明記してください。", ""),
    ("auditor", "8.9", "「確かめる」の頻度の例を示してください。評価の手続を定めるときに判断が分かれます。", ""),
    ("minato", "8.28", "既存のコードに遡って適用するのかを明確にしてください。", ""),
)  # fmt: skip


def put_out(people: Mapping[str, Actor], *, now: datetime) -> Edition:
    """Import the draft, put it out for comment for four weeks, comment on it and answer once."""
    office = people["office"]
    shipped = editions.shipped("ismap-r7-draft")
    controls = tuple(replace(one, text_ja=_TEXTS.get(one.number, "")) for one in shipped.controls)
    header = EditionHeader(
        id=EDITION,
        title_ja="（見本）改正案への意見募集",
        title_en="(sample) Draft out for comment",
        published_on=tokyo_date(now),
        source="見本。番号は ismap-r7-draft と同じ。",
        reading=shipped.requirements,
        predecessor="ismap-2024-07",
        is_incomplete=True,
    )
    clauses = editions.clause_titles(shipped.layout)
    draft = actions.import_edition(
        header=header, controls=controls, clauses=clauses, original=None, actor=office, now=now
    )
    until = tokyo_date(now) + timedelta(days=28)
    draft = actions.consult(edition=draft, until=until, actor=office, now=now + timedelta(hours=2))
    for index, (key, number, text, reply) in enumerate(_COMMENTS, start=1):
        at = now + timedelta(days=index)
        line = Control.objects.select_related("edition").get(edition=draft, number=number)
        said = actions.comment(control=line, text=text, actor=people[key], now=at)
        if reply:
            actions.answer(comment=said, answer=reply, actor=office, now=at + timedelta(hours=5))
    return draft
