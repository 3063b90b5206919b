"""Which function answers which command, and what agreeing to something does."""

from collections.abc import Mapping

from core.commands.channels import Channels
from core.commands.digest import Digest
from core.commands.linking import Linking
from core.commands.listed import STOP
from core.commands.models import Models
from core.commands.money import Money
from core.commands.month import Month
from core.commands.privacy import Privacy
from core.commands.refills import Refills
from core.commands.requests import Requests
from core.commands.rules import Rules
from core.commands.speaking import Answer, ForgetWaits, LinkWaits, Reply, Speaker, Waits, said
from core.commands.team import Team
from core.text.wording import count_of
from core.use_cases import UseCases


class Answers:
    """Answers what is typed in any chat, and what is pressed under such an answer."""

    def __init__(self, use_cases: UseCases) -> None:
        self._asks = use_cases.asks
        self.money = Money(use_cases)
        self.requests = Requests(use_cases.budget_requests, use_cases.asks)
        self.refills = Refills(use_cases)
        self.channels = Channels(use_cases.preferences)
        self._privacy = Privacy(use_cases)
        self._linking = Linking(use_cases)
        self.by_name: Mapping[str, Answer] = self._by_name(use_cases)

    def _by_name(self, use_cases: UseCases) -> dict[str, Answer]:
        models, rules, team = Models(use_cases), Rules(use_cases.policy), Team(use_cases)
        month = Month(use_cases)
        return {
            STOP: self._stop,
            "/balance": self.money.balance,
            "/usage": self.money.usage,
            "/topup": self.money.top_up,
            "/undo": self.money.undo,
            "/limit": rules.limit,
            "/request": self.requests.request,
            "/requests": self.requests.requests,
            "/approve": self.requests.approve,
            "/half": self.requests.half,
            "/deny": self.requests.deny,
            "/models": models.models,
            "/routing": models.routing,
            "/admin zone": team.zone,
            "/admin policy": rules.policy,
            "/admin refill": self.refills.rule,
            "/admin list": team.admins,
            "/admin add": team.add,
            "/admin remove": team.remove,
            "/admin allow": rules.allow,
            "/admin deny": rules.deny,
            "/admin restore": team.restore,
            "/admin digest": Digest(use_cases).digest,
            "/freeze": team.freeze,
            "/unfreeze": team.unfreeze,
            "/audit": team.audit,
            "/admin statement": month.statement,
            "/export": month.export,
            "/mydata": self._privacy.my_data,
            "/forget": self._privacy.forget,
            "/link": self._linking.link,
            "/unlink": self._linking.unlink,
            "/admin link": self._linking.admin_link,
        }

    async def agree(self, speaker: Speaker, waits: Waits) -> Reply:
        """Do what waited for somebody's agreement; what they may do is looked at again."""
        if isinstance(waits, ForgetWaits):
            return await self._privacy.forget_agreed(speaker, waits)
        if isinstance(waits, LinkWaits):
            return await self._linking.agreed(speaker, waits)
        return await self.money.record(speaker, waits, confirmed=True)

    async def _stop(self, speaker: Speaker, _: str) -> Reply:
        stopped = self._asks.stop_mine(speaker.member)
        return said([f"Stopped {count_of(stopped, 'ask')}." if stopped else "Nothing of yours is running."])
