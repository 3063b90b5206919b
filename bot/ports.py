"""What the use cases need from outside, filled by the books."""

from dataclasses import dataclass

from adapters.store.acts import StoreActs
from adapters.store.bills import StoreBills
from adapters.store.budget_requests import StoreBudgetRequests
from adapters.store.charges import StoreCharges
from adapters.store.database import Store
from adapters.store.digests import StoreDigests
from adapters.store.links import StoreLinks
from adapters.store.notices import StoreNotices
from adapters.store.overdue import StoreUndelivered
from adapters.store.personal import StorePersonalData
from adapters.store.policies import StorePolicies
from adapters.store.preferences import StorePreferences
from adapters.store.presses import StorePresses
from adapters.store.receipts import StoreReceipts
from adapters.store.reports import StorePeople, StoreReports, StoreRequests
from adapters.store.spending import StoreSpending
from adapters.store.threads import StoreThreads
from core.asking.ask import AskPorts
from core.ports import (
    Acts,
    BillBooks,
    BudgetRequestBooks,
    Catalogue,
    ChargeBooks,
    Clock,
    DigestBooks,
    LinkBooks,
    NoticeBooks,
    PersonalData,
    PreferenceBooks,
    PressBooks,
    ReceiptBooks,
    SpendBooks,
    ThreadBooks,
    TokenCounter,
    Undelivered,
    Vault,
)


@dataclass(frozen=True, slots=True)
class Ports:
    """All ports that use cases take. `asks` are those of an ask; the others need most of them too."""

    asks: AskPorts
    undelivered: Undelivered
    notices: NoticeBooks
    acts: Acts
    requests: BudgetRequestBooks
    personal: PersonalData
    links: LinkBooks
    preferred: PreferenceBooks
    receipts: ReceiptBooks
    threads: ThreadBooks
    presses: PressBooks
    charges: ChargeBooks
    bills: BillBooks
    spending: SpendBooks
    weeks: DigestBooks


def ports_on(store: Store, catalogue: Catalogue, counter: TokenCounter, vault: Vault, clock: Clock) -> Ports:
    """The ports on these books."""
    asks = AskPorts(
        books=store.books,
        requests=StoreRequests(store),
        reports=StoreReports(store, clock),
        policies=StorePolicies(store),
        people=StorePeople(store),
        catalogue=catalogue,
        counter=counter,
        vault=vault,
        clock=clock,
    )
    return Ports(
        asks,
        undelivered=StoreUndelivered(store),
        notices=StoreNotices(store),
        acts=StoreActs(store),
        requests=StoreBudgetRequests(store),
        personal=StorePersonalData(store),
        links=StoreLinks(store),
        preferred=StorePreferences(store),
        receipts=StoreReceipts(store),
        threads=StoreThreads(store),
        presses=StorePresses(store),
        charges=StoreCharges(store),
        bills=StoreBills(store),
        spending=StoreSpending(store),
        weeks=StoreDigests(store),
    )
