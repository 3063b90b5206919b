"""What the rules need from outside, as small protocols. Adapters fill them; tests/fakes.py does too.

outside.py  time, providers and their models, tokens, secrets     books.py  what the books do and know
due.py      what the books say is due, for whoever runs by the clock     chats.py  what a chat does for core
spending.py  what was spent     drawing.py  who makes a picture of a chart
charges.py  what was charged row by row, and what providers bill
digests.py  the weeks that were told, and how models were chosen in them
"""

from core.ports.books import (
    Acts,
    Books,
    BudgetRequestBooks,
    LinkBooks,
    People,
    PersonalData,
    Policies,
    PreferenceBooks,
    PressBooks,
    ReceiptBooks,
    Reports,
    Requests,
    ThreadBooks,
    WhoseAsks,
)
from core.ports.charges import BillBooks, ChargeBooks
from core.ports.chats import Announcer, Notifier, PlaceNames
from core.ports.digests import DigestBooks
from core.ports.drawing import Drawing
from core.ports.due import NoticeBooks, Overdue, Undelivered
from core.ports.outside import Catalogue, ChangingCatalogue, Clock, Presence, Provider, TokenCount, TokenCounter, Vault
from core.ports.spending import SpendBooks

__all__ = [
    "Acts",
    "Announcer",
    "BillBooks",
    "Books",
    "BudgetRequestBooks",
    "Catalogue",
    "ChangingCatalogue",
    "ChargeBooks",
    "Clock",
    "DigestBooks",
    "Drawing",
    "LinkBooks",
    "NoticeBooks",
    "Notifier",
    "Overdue",
    "People",
    "PersonalData",
    "PlaceNames",
    "Policies",
    "PreferenceBooks",
    "Presence",
    "PressBooks",
    "Provider",
    "ReceiptBooks",
    "Reports",
    "Requests",
    "SpendBooks",
    "ThreadBooks",
    "TokenCount",
    "TokenCounter",
    "Undelivered",
    "Vault",
    "WhoseAsks",
]
