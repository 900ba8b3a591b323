"""The sample world: services in every state of the cycle, dates relative to today, all plainly marked as samples."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kansatsu.accounts.actors import SYSTEM, Actor
from kansatsu.accounts.models import Organisation
from kansatsu.assurance.audits import actions as audits
from kansatsu.assurance.criteria import actions as criteria
from kansatsu.assurance.criteria.models import Edition
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.providers.workflow import Model
from kansatsu.assurance.register import actions as register
from kansatsu.assurance.register.models import Entry
from kansatsu.assurance.register.rules import AdoptedRow
from kansatsu.assurance.reviews import actions as reviews
from kansatsu.core.calendar import last_day_of_period, tokyo_date, tokyo_moment
from kansatsu.samples.cast import enter_cast
from kansatsu.samples.consultation import put_out
from kansatsu.samples.walk import Walk, last_full_period

IAAS, PAAS, SAAS = Model.IAAS, Model.PAAS, Model.SAAS
REGIONS = ("東日本\n西日本", "東京", "東京\n大阪", "大阪", "東京\n米国西部\nアイルランド", "北海道\n東京")


@dataclass(frozen=True, slots=True)
class Plan:
    """One sample service. :param ago: how many months ago its audited period ended; :param to: how far it has come."""

    name: str
    name_en: str
    model: Model
    provider: str
    to: str
    ago: int = 1
    edition: str = "ismap-2024-07"
    on_base: bool = True


PLANS = (
    Plan("いわお基盤", "Iwao Base", IAAS, "provider", "three_rounds", 26, on_base=False),
    Plan("いしずえ仮想サーバ", "Ishizue Servers", IAAS, "minato", "registered", 6, on_base=False),
    Plan("つみきコンテナ", "Tsumiki Containers", PAAS, "minato", "registered", 5),
    Plan("そろばんデータベース", "Soroban Database", PAAS, "kawasemi", "registered", 7, on_base=False),
    Plan("かざぐるま関数", "Kazaguruma Functions", PAAS, "hoshizora", "registered", 8),
    Plan("ふみばこファイル共有", "Fumibako Files", SAAS, "provider", "registered", 9),
    Plan("よりあい会議", "Yoriai Meetings", SAAS, "yamabiko", "registered", 5),
    Plan("てがみ電子申請", "Tegami Forms", SAAS, "yamabiko", "registered", 6),
    Plan("こよみ予定表", "Koyomi Calendar", SAAS, "yamabiko", "registered", 7),
    Plan("みまもり安否確認", "Mimamori Safety Check", SAAS, "hoshizora", "registered", 4),
    Plan("まなびや研修", "Manabiya Training", SAAS, "kawasemi", "registered", 8),
    Plan("ことのは翻訳", "Kotonoha Translation", SAAS, "kawasemi", "registered", 6),
    Plan("のれんCMS", "Noren CMS", SAAS, "provider", "registered", 5, "ismap-2024-07-synthetic"),
    Plan("とりで認証基盤", "Toride Identity", PAAS, "hoshizora", "due", 12),
    Plan("めばえ人事", "Mebae HR", SAAS, "yamabiko", "due", 13),
    Plan("あぜみち経路情報", "Azemichi Routes", SAAS, "provider", "due", 14),
    Plan("たなごころ名刺管理", "Tanagokoro Cards", SAAS, "minato", "renewal_pending", 17),
    Plan("うつしえ動画配信", "Utsushie Streaming", SAAS, "hoshizora", "renewal_pending", 16),
    Plan("やじろべえ負荷分散", "Yajirobe Load Balancer", PAAS, "provider", "renewed", 15),
    Plan("いなほログ分析", "Inaho Logs", SAAS, "kawasemi", "expired", 18),
    Plan("かけはし連携", "Kakehashi Links", PAAS, "minato", "expired", 20),
    Plan("はなび通知", "Hanabi Notices", SAAS, "hoshizora", "removed", 9),
    Plan("あさがお問診", "Asagao Surveys", SAAS, "yamabiko", "refused", 6),
    Plan("ささぶね帳票", "Sasabune Reports", SAAS, "kawasemi", "withdrawn", 5),
    Plan("ひだまり相談窓口", "Hidamari Helpdesk", SAAS, "provider", "approved", 4),
    Plan("みずうみデータレイク", "Mizuumi Data Lake", PAAS, "kawasemi", "approved", 4),
    Plan("しるべ案内", "Shirube Guides", SAAS, "minato", "before_committee", 4),
    Plan("たたら画像解析", "Tatara Vision", SAAS, "hoshizora", "before_committee", 4),
    Plan("つばめ配信網", "Tsubame CDN", PAAS, "hoshizora", "answered_question", 3),
    Plan("ゆきわり台帳", "Yukiwari Ledger", SAAS, "yamabiko", "questioned", 3),
    Plan("ほたる監視", "Hotaru Monitoring", SAAS, "provider", "questioned", 3),
    Plan("こだま音声認識", "Kodama Speech", SAAS, "kawasemi", "under_review", 3),
    Plan("なぎさ文書管理", "Nagisa Documents", SAAS, "minato", "under_review", 3),
    Plan("せせらぎ統計", "Seseragi Statistics", SAAS, "yamabiko", "accepted_for_review", 3),
    Plan("かがりび運用管理", "Kagaribi Operations", PAAS, "provider", "submitted", 2),
    Plan("わだち車両管理", "Wadachi Fleet", SAAS, "hoshizora", "submitted", 2),
    Plan("ふるさと納付", "Furusato Payments", SAAS, "kawasemi", "returned", 2),
    Plan("おりづる電子契約", "Orizuru Contracts", SAAS, "provider", "prepared", 2),
    Plan("すずなり在庫", "Suzunari Stock", SAAS, "minato", "frozen", 2),
    Plan("いろは電子黒板", "Iroha Boards", SAAS, "yamabiko", "reported", 1),
    Plan("もみじ地図", "Momiji Maps", SAAS, "hoshizora", "fieldwork", 1),
    Plan("しおり読書", "Shiori Library", SAAS, "kawasemi", "accepted", 1),
    Plan("とんぼ測量", "Tombo Survey", SAAS, "provider", "proposed", 1),
    Plan("からくり自動化", "Karakuri Automation", PAAS, "minato", "declined", 1),
    Plan("みのむし保管", "Minomushi Archive", SAAS, "yamabiko", "final", 1),
    Plan("つくし問合せ", "Tsukushi Tickets", SAAS, "provider", "half", 0, "ismap-2024-07-synthetic"),
    Plan("すみれ採用", "Sumire Recruiting", SAAS, "hoshizora", "started", 0),
    Plan("あめんぼ通信", "Amembo Connect", IAAS, "provider", "described", 0, on_base=False),
)  # fmt: skip

ADOPTED = (
    ("C21-0101-2", "おおぞらクラウド", "Ozora Cloud", "おおぞらネット株式会社", "Ozora Net Inc.", IAAS, 10),
    ("C21-0102-2", "かもめ仮想基盤", "Kamome Platform", "かもめ情報株式会社", "Kamome Information Inc.", PAAS, 9),
    ("C22-0107-2", "ことり会議", "Kotori Meetings", "ことりソフト株式会社", "Kotori Software Inc.", SAAS, 7),
    ("C23-0111-2", "ひばり文書", "Hibari Documents", "ことりソフト株式会社", "Kotori Software Inc.", SAAS, 13),
)


@dataclass
class World:
    """What the world's builder keeps in hand."""

    today: date
    people: dict[str, Actor]
    editions: dict[str, Edition]
    base: Service | None = None

    def walk(self, index: int, plan: Plan, **more: object) -> Walk:
        """A walk for one plan, in the first round or a later one."""
        options = {
            "people": self.people,
            "edition": self.editions[plan.edition],
            "period": last_full_period(self.today, months_ago=plan.ago),
            "name": f"（見本）{plan.name}",
            "name_en": f"(sample) {plan.name_en}",
            "model": plan.model,
            "provider": plan.provider,
            "auditor": "auditor" if index % 3 else "tashika",
            "reviewer": "reviewer" if index % 2 else "reviewer2",
            "decider": "decider" if index % 2 else "decider2",
            "clerk": "clerk",
            "regions": REGIONS[index % len(REGIONS)],
            "base": self.base if plan.on_base else None,
            "seed": index,
        }
        return Walk(**{**options, **more})  # type: ignore[arg-type]


def build(now: datetime, *, plans: tuple[Plan, ...] = PLANS) -> Iterator[str]:
    """Build the world in an empty, migrated database; yields each service's name as it is done."""
    begin = now - timedelta(days=1100)
    people = enter_cast(now=begin)
    editions = {
        name: criteria.install(edition_id=name, actor=SYSTEM, now=begin)
        for name in ("ismap-2022-04", "ismap-2024-07", "ismap-2024-07-synthetic")
    }
    world = World(tokyo_date(now), people, editions)
    for index, plan in enumerate(plans, start=1):
        walk = world.walk(index, plan)
        _ROUTES.get(plan.to, _straight)(world, index, plan, walk)
        if index == 1:
            world.base = walk.service
        yield plan.name
    _adopt(world)
    put_out(people, now=now - timedelta(days=8))
    Service.objects.update(is_sample=True)
    Entry.objects.update(is_sample=True)
    Organisation.objects.update(is_sample=True)


def _straight(_world: World, _index: int, plan: Plan, walk: Walk) -> None:
    walk.to(plan.to)


def _due(_world: World, _index: int, _plan: Plan, walk: Walk) -> None:
    walk.to("registered").remind(180)


def _next_round(world: World, index: int, plan: Plan, walk: Walk, to: str) -> Walk:
    walk.to("registered")
    first = walk.period[1] + timedelta(days=1)
    later = world.walk(index, plan, period=(first, last_day_of_period(first, 12)), service=walk.service)
    return later.to(to)


def _three_rounds(world: World, index: int, plan: Plan, walk: Walk) -> None:
    second = _next_round(world, index, plan, walk, "registered")
    _next_round(world, index, plan, second, "registered")


def _renewal_pending(world: World, index: int, plan: Plan, walk: Walk) -> None:
    _next_round(world, index, plan, walk, "under_review")


def _renewed(world: World, index: int, plan: Plan, walk: Walk) -> None:
    _next_round(world, index, plan, walk, "registered")


def _expired(_world: World, _index: int, _plan: Plan, walk: Walk) -> None:
    walk.to("registered")


def _removed(world: World, _index: int, _plan: Plan, walk: Walk) -> None:
    walk.to("registered")
    register.remark(
        entry=walk.entry,
        on=tokyo_date(walk.clock),
        text="重大なインシデントの報告を受け、事実関係を確認中。",
        text_en="A grave incident was reported; the facts are being confirmed.",
        actor=world.people["office"],
        now=walk.clock,
    )
    register.remove(
        entry=walk.entry,
        reason="事業者の申出によるサービス終了のため。",
        actor=world.people["office"],
        now=walk.later(30),
    )


def _refused(_world: World, _index: int, _plan: Plan, walk: Walk) -> None:
    walk.to("before_committee").refuse()


def _withdrawn(world: World, _index: int, plan: Plan, walk: Walk) -> None:
    walk.to("submitted")
    reviews.withdraw(application=walk.application, actor=world.people[plan.provider], now=walk.later(2))


def _returned(_world: World, _index: int, _plan: Plan, walk: Walk) -> None:
    walk.to("submitted").return_()


def _declined(world: World, _index: int, _plan: Plan, walk: Walk) -> None:
    walk.to("proposed")
    audits.decline(engagement=walk.engagement, actor=world.people[walk.auditor], now=walk.later())


def _half(_world: World, _index: int, _plan: Plan, walk: Walk) -> None:
    walk.to("started").answer(share=0.55)


_ROUTES: dict[str, Callable[[World, int, Plan, Walk], None]] = {
    "three_rounds": _three_rounds,
    "due": _due,
    "renewal_pending": _renewal_pending,
    "renewed": _renewed,
    "expired": _expired,
    "removed": _removed,
    "refused": _refused,
    "withdrawn": _withdrawn,
    "returned": _returned,
    "declined": _declined,
    "half": _half,
}


def _adopt(world: World) -> None:
    rows = []
    for number, name, name_en, provider, provider_en, model, ago in ADOPTED:
        first, last = last_full_period(world.today, months_ago=ago)
        rows.append(
            AdoptedRow(
                number=number,
                service=f"（見本）{name}",
                service_en=f"(sample) {name_en}",
                provider=f"（見本）{provider}",
                provider_en=f"(sample) {provider_en}",
                model=model,
                regions="東京",
                scope=f"（見本）{name}の全機能",
                audit_from=first,
                audit_to=last,
                entered_on=last + timedelta(days=150),
                valid_until=None,
            )
        )
    register.adopt(rows=rows, actor=world.people["office"], now=tokyo_moment(world.today - timedelta(days=30), 11))
