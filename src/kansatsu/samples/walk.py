"""One service's way through the whole cycle, step by step, through the same acts as the portal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kansatsu.accounts.actors import SYSTEM, Actor
from kansatsu.accounts.models import Organisation
from kansatsu.assurance.audits import actions as audits
from kansatsu.assurance.audits.models import Engagement
from kansatsu.assurance.criteria.models import Edition
from kansatsu.assurance.providers import actions as providers
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.providers.workflow import Model
from kansatsu.assurance.register import actions as register
from kansatsu.assurance.register import queries as register_queries
from kansatsu.assurance.register.models import Entry
from kansatsu.assurance.reviews import actions as reviews
from kansatsu.assurance.reviews.models import Application
from kansatsu.assurance.statements import actions as statements
from kansatsu.assurance.statements.actions import Used
from kansatsu.assurance.statements.models import Statement
from kansatsu.core.calendar import first_of_month, last_day_of_period, tokyo_moment
from kansatsu.samples import statement as sample

STAGES = (
    "described", "started", "answered", "final", "proposed", "accepted", "fieldwork", "reported", "frozen",
    "prepared", "submitted", "accepted_for_review", "under_review", "questioned", "answered_question",
    "before_committee", "approved", "registered",
)  # fmt: skip


@dataclass
class Walk:
    """Where one sample service is on its way; `clock` moves on with every step.

    :param people: the cast by key.
    :param period: first and last day of the audited period.
    """

    people: dict[str, Actor]
    edition: Edition
    period: tuple[date, date]
    name: str
    name_en: str = ""
    model: Model = Model.SAAS
    provider: str = "provider"
    auditor: str = "auditor"
    reviewer: str = "reviewer"
    decider: str = "decider"
    clerk: str = "office"
    regions: str = "東日本\n西日本"
    base: Service | None = None
    seed: int = 1
    overview: str = "府省の業務で使う情報を預かり、安全に共有するサービス。"
    service: Service | None = None
    clock: datetime = field(init=False, repr=False)
    statement: Statement = field(init=False, repr=False)
    engagement: Engagement = field(init=False, repr=False)
    application: Application = field(init=False, repr=False)
    entry: Entry = field(init=False, repr=False)
    _done: list[str] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        self.clock = tokyo_moment(self.period[1] - timedelta(days=60), 10)

    def actor(self, key: str) -> Actor:
        return self.people[key]

    def later(self, days: float = 1) -> datetime:
        """Move the clock on and tell the time."""
        self.clock += timedelta(days=days)
        return self.clock

    def to(self, stage: str) -> "Walk":
        """Go on, by every step between, up to and including the stage.

        :param stage: one of `STAGES`.
        """
        for step in STAGES[: STAGES.index(stage) + 1]:
            if step not in self._done:
                _STEPS[step](self)
                self._done.append(step)
        return self

    def describe(self) -> None:
        if self.service is None:
            self.service = providers.describe(
                name=self.name,
                name_en=self.name_en,
                model=self.model,
                overview=self.overview,
                actor=self.actor(self.provider),
                now=self.later(),
            )

    def start(self) -> None:
        assert self.service is not None
        self.statement = statements.start(
            service=self.service, edition=self.edition, actor=self.actor(self.provider), now=self.later()
        )

    def answer(self, share: float = 1.0) -> None:
        assert self.service is not None
        used = [Used(self.base.name, is_base=True, registered=self.base)] if self.base else []
        self.statement = statements.describe(
            statement=self.statement,
            texts=sample.header(self.service, regions=self.regions),
            audit_from=self.period[0],
            audit_to=self.period[1],
            used_services=used,
            actor=self.actor(self.provider),
            now=self.later(),
        )
        self.statement = statements.answer(
            statement=self.statement,
            answers=sample.answers(self.statement, seed=self.seed, share=share, base=self.base),
            actor=self.actor(self.provider),
            now=self.later(),
        )

    def finalise(self) -> None:
        self.statement = statements.finalise(
            statement=self.statement, actor=self.actor(self.provider), now=self.later()
        )

    def propose(self) -> None:
        body = Organisation.objects.get(pk=self.actor(self.auditor).organisation_id or 0)
        self.engagement = audits.propose(
            statement=self.statement, audit_body=body, actor=self.actor(self.provider), now=self.later()
        )

    def accept(self) -> None:
        self.engagement = audits.accept(engagement=self.engagement, actor=self.actor(self.auditor), now=self.later())

    def fix_period(self) -> None:
        self.engagement = audits.fix_period(
            engagement=self.engagement,
            period_from=self.period[0],
            period_to=self.period[1],
            actor=self.actor(self.auditor),
            now=self.later(),
        )

    def issue(self) -> None:
        self.clock = max(self.clock, tokyo_moment(self.period[1], 10))
        audits.record_finding(
            engagement=self.engagement,
            text="教育の受講記録に、期限後に受講した者が1名あった（是正済み）。",
            control_number="7.2.2",
            actor=self.actor(self.auditor),
            now=self.later(5),
        )
        self.engagement.refresh_from_db()
        self.engagement = audits.issue(
            engagement=self.engagement,
            conclusion="標準監査手続に従って手続を実施した。発見事項は別記の1件である。",
            actor=self.actor(self.auditor),
            now=self.later(10),
        )

    def freeze(self) -> None:
        self.engagement = audits.freeze(engagement=self.engagement, actor=self.actor(self.auditor), now=self.later())

    def prepare(self) -> None:
        assert self.service is not None
        self.application = reviews.prepare(
            service=self.service, engagement=self.engagement, actor=self.actor(self.provider), now=self.later()
        )

    def submit(self) -> None:
        self.application = reviews.submit(
            application=self.application, actor=self.actor(self.provider), now=self.later()
        )

    def return_(self) -> None:
        self.application = reviews.return_(
            application=self.application,
            reasons=[
                "署名者の権限を示す資料の記載が言明書の概要と一致していません。",
                "対象リージョンの表記を統一してください。",
            ],
            actor=self.actor(self.reviewer),
            now=self.later(2),
        )

    def accept_for_review(self) -> None:
        self.application = reviews.accept(
            application=self.application, actor=self.actor(self.reviewer), now=self.later(3)
        )

    def take_up(self) -> None:
        self.application = reviews.take_up(
            application=self.application, actor=self.actor(self.reviewer), now=self.later()
        )

    def ask(self) -> None:
        self.application = reviews.ask(
            application=self.application,
            question="11章の物理的な管理策について、データセンター事業者との責任分界を説明してください。",
            actor=self.actor(self.reviewer),
            now=self.later(5),
        )

    def answer_question(self) -> None:
        self.application = reviews.answer(
            application=self.application,
            answer="入退室と設備の保守はデータセンター事業者、機器の廃棄と媒体の管理は当社が担います。契約の該当条項を示します。",
            actor=self.actor(self.provider),
            now=self.later(4),
        )

    def present(self) -> None:
        self.application = reviews.present(
            application=self.application,
            summary="基本言明要件を満たすことを確認した。質問1件に回答があり、指摘事項は残っていない。",
            actor=self.actor(self.reviewer),
            now=self.later(7),
        )

    def approve(self) -> None:
        self.application = reviews.approve(
            application=self.application,
            reason="審査の結果を相当と認める。",
            actor=self.actor(self.decider),
            now=self.later(7),
        )

    def refuse(self) -> None:
        self.application = reviews.refuse(
            application=self.application,
            reason="発見事項の是正が確認できず、要求事項が適切に実施されていると認められない。",
            actor=self.actor(self.decider),
            now=self.later(7),
        )

    def enter(self) -> None:
        clerk, now = self.actor(self.clerk), self.later(2)
        if self.application.is_renewal:
            entry = register_queries.entry_to_renew(self.application)
            self.entry = register.renew(entry=entry, application=self.application, actor=clerk, now=now)
        else:
            self.entry = register.enter(application=self.application, actor=clerk, now=now)

    def remind(self, notice: int) -> None:
        """Let the first reminder of the renewal fall due."""
        self.clock = tokyo_moment(self.entry.standing.valid_until - timedelta(days=notice), 9)
        self.entry = register.remind(entry=self.entry, notice=notice, actor=SYSTEM, now=self.clock)


_STEPS: dict[str, Callable[[Walk], None]] = {
    "described": Walk.describe,
    "started": Walk.start,
    "answered": Walk.answer,
    "final": Walk.finalise,
    "proposed": Walk.propose,
    "accepted": Walk.accept,
    "fieldwork": Walk.fix_period,
    "reported": Walk.issue,
    "frozen": Walk.freeze,
    "prepared": Walk.prepare,
    "submitted": Walk.submit,
    "accepted_for_review": Walk.accept_for_review,
    "under_review": Walk.take_up,
    "questioned": Walk.ask,
    "answered_question": Walk.answer_question,
    "before_committee": Walk.present,
    "approved": Walk.approve,
    "registered": Walk.enter,
}


def last_full_period(today: date, *, months: int = 12, months_ago: int = 0) -> tuple[date, date]:
    """The period of that many months that ended with the last full month before today, or some months before that."""
    index = today.year * 12 + today.month - 1 - months_ago - months
    first = first_of_month(index // 12, index % 12 + 1)
    return first, last_day_of_period(first, months)
