"""The operator's account at a provider: told once when its key or its money is gone, and once when it answers again."""

from core.ids import new_id
from core.models import PRACTICE, provider_titles_of
from core.moments import to_ms
from core.operations import TellChange
from core.people import Team
from core.ports import Books, Catalogue, Clock, NoticeBooks, People
from core.routing.health import Account, AccountSeen, Health
from core.text import alerts

TROUBLE = "provider"
"""The kind of these notices, and what the subject of a provider begins with."""


SURE_AFTER_MS = 30 * 60_000
"""How long after trouble was told an answer is told: a provider that refuses some calls and answers others (a question
that it does not allow, a model that a key may not use) would be dead and well again all day."""


class ProviderTrouble:
    """One round is `run`; something like a scheduler calls it again and again.

    What was told is kept in the books, with the moment of the call that showed it. Of many processes only one that has
    seen something later says otherwise: who has not asked since says nothing. docs/decisions/0040.
    """

    def __init__(
        self,
        health: Health,
        catalogue: Catalogue,
        books: Books,
        notice_books: NoticeBooks,
        *,
        people: People,
        clock: Clock,
    ) -> None:
        self._health = health
        self._catalogue = catalogue
        self._books = books
        self._notice_books = notice_books
        self._people = people
        self._clock = clock
        self._seen: object = None

    async def run(self) -> None:
        """Tell every team's admins what is new. A `BooksFailed` ends the round; the next one says it all again."""
        accounts, teams = self._health.accounts(), await self._people.teams()
        seeing = (accounts, tuple(team.id for team in teams))
        if seeing == self._seen:
            return
        for team in teams if accounts else ():
            told = await self._notice_books.told(team.id)
            for provider, seen in accounts.items():
                await self._tell(team, provider, told.get(f"{TROUBLE}:{provider}", ""), seen)
        self._seen = seeing

    async def _tell(self, team: Team, provider: str, was: str, seen: AccountSeen) -> None:
        known, _, at_ms = was.partition("@")
        since_ms = to_ms(seen.at) - int(at_ms or 0)
        if (known or Account.GOOD) == seen.account or since_ms <= 0:
            return
        if seen.account is Account.GOOD and since_ms < SURE_AFTER_MS:
            return
        change = TellChange(
            id=new_id("tell", self._clock.now()),
            wallet_id=team.wallet_id,
            team_id=team.id,
            subject=f"{TROUBLE}:{provider}",
            was=was,
            value=f"{seen.account}@{to_ms(seen.at)}",
            kind=TROUBLE,
            words=self._words(provider, seen.account),
        )
        await self._books.apply(change)

    def _words(self, provider: str, account: Account) -> str:
        titles = provider_titles_of(self._catalogue.models)
        title = titles.get(provider, provider)
        others = sorted(
            {titles[each] for each in titles if each not in (provider, PRACTICE)} - self._out_of_order(titles)
        )
        match account:
            case Account.KEY:
                return alerts.key_refused(title, others)
            case Account.FUNDS:
                return alerts.out_of_funds(title, others)
            case Account.GOOD:
                return alerts.works_again(title)

    def _out_of_order(self, titles: dict[str, str]) -> set[str]:
        """Those of whom nobody should expect that they answer instead."""
        return {title for each, title in titles.items() if self._health.account_of(each) not in (None, Account.GOOD)}
