"""What can be typed, in the groups in which /help lists it, and which desk answers it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.terminal.afterwards import AfterDesk
from adapters.terminal.asking import AskDesk
from adapters.terminal.commands import Command, Commands
from adapters.terminal.late import AGAIN, RUN_NOW
from adapters.terminal.listening import STOP
from adapters.terminal.models import ModelDesk
from adapters.terminal.privacy import PrivacyDesk
from adapters.terminal.requests import RequestDesk
from adapters.terminal.rules import RuleDesk
from adapters.terminal.team import TeamDesk
from adapters.terminal.wallet import WalletDesk
from adapters.terminal.zone import ZoneDesk

ADMINS = "Admins"


@dataclass(frozen=True, slots=True)
class Desks:
    """Who answers what is typed."""

    asking: AskDesk
    after: AfterDesk
    models: ModelDesk
    wallet: WalletDesk
    zone: ZoneDesk
    team: TeamDesk
    requests: RequestDesk
    rules: RuleDesk
    privacy: PrivacyDesk

    def commands(self, of_chat: list[Command], admin_help: Callable[[str], Awaitable[None]]) -> Commands:
        """The whole table; `of_chat` are those that the chat itself answers."""
        ask = Command(
            "/ask",
            "[--model NAME] [--image FILE] TEXT",
            "ask; typing the question alone does too",
            self.asking.ask,
            self.asking.choices,
        )
        groups = {
            "Asking": [ask, *self._ask_commands()],
            "After an answer": self._after_commands(),
            "Money": self._money_commands(),
            "Asking for more": self._request_commands(),
            "Models": self._model_commands(),
            ADMINS: [Command("/admin", "", "what admins can set and see", admin_help), *self._admin_commands()],
            "What is known of you": self._privacy_commands(),
            "This chat": of_chat,
        }
        return Commands(groups, otherwise=ask)

    def _ask_commands(self) -> list[Command]:
        asking = self.asking
        return [
            Command(
                "/price", "TEXT", "what a question would cost, before it is asked", asking.price, asking.price_choices
            ),
            Command(
                "/yes", "[NUMBER]", "agree to what was asked last, or choose by number", asking.yes, asking.numbers
            ),
            Command("/cheaper", "", "take the cheaper choice instead", asking.cheaper),
            Command("/remove", "", "ask without what looks like a secret in your question", asking.remove),
            Command("/send", "", "send it as it is, secret and all", asking.send),
            Command("/new", "", "begin a new conversation", asking.new),
        ]

    def _after_commands(self) -> list[Command]:
        asking, after = self.asking, self.after
        return [
            Command(STOP, "", "stop the answer (Ctrl-C does too); what came is charged", asking.stop),
            Command("/details", "", "what is behind your last price", after.details),
            Command("/better", "", "the same question to a better model, at the price shown", asking.better),
            Command(AGAIN, "", "ask once more what got no answer", asking.again),
            Command("/good", "", "say that your last answer was good", after.good),
            Command("/bad", "", "say that it was not", after.bad),
        ]

    def _money_commands(self) -> list[Command]:
        wallet = self.wallet
        return [
            Command("/balance", "", "your month and the team wallet", wallet.balance),
            Command("/usage", "", "what was asked this month", wallet.usage),
            Command("/topup", "AMOUNT [REASON]", "record budget for the team (admins)", wallet.top_up),
            Command("/undo", "", "take the last top-up back (admins)", wallet.undo),
            Command(
                "/limit",
                "[WHOM AMOUNT]",
                "show limits; set one (admins), or your own: /limit me 2",
                self.rules.limit,
                self.rules.limit_choices,
            ),
        ]

    def _request_commands(self) -> list[Command]:
        requests = self.requests
        return [
            Command("/request", "[AMOUNT] [REASON]", "ask the admins for more", requests.request),
            Command(RUN_NOW, "", "run the question for which there is more now", self.asking.run_now),
            Command("/requests", "", "what waits for a decision", requests.requests),
            Command("/approve", "[NUMBER]", "grant what was asked for (admins)", requests.approve, requests.numbers),
            Command("/half", "[NUMBER]", "grant half of it (admins)", requests.half, requests.numbers),
            Command("/deny", "[NUMBER]", "grant nothing (admins)", requests.deny, requests.numbers),
        ]

    def _model_commands(self) -> list[Command]:
        models = self.models
        return [
            Command("/models", "[NAME|all]", "what they cost and are good for", models.models, models.choices),
            Command("/routing", "", "how models are chosen, and how well (admins)", models.routing),
        ]

    def _privacy_commands(self) -> list[Command]:
        privacy = self.privacy
        return [
            Command("/mydata", "", "everything that is kept about you, as JSON", privacy.my_data),
            Command("/forget", "[NAME]", "erase who you are; admins: somebody else", privacy.forget, privacy.names),
        ]

    def _admin_commands(self) -> list[Command]:
        return [
            Command("/admin zone", "[ZONE]", "by whose midnight limits begin anew", self.zone.zone),
            Command(
                "/admin policy",
                "[WHOM [WHAT VALUE]]",
                "what applies to whom, and why; set it",
                self.rules.policy,
                self.rules.policy_choices,
            ),
            *self._team_commands(),
        ]

    def _team_commands(self) -> list[Command]:
        team, rules = self.team, self.rules
        return [
            Command("/admin list", "", "who the admins are and why, and what is paused", team.admins),
            Command("/admin add", "NAME", "make somebody an admin", team.add, team.name_choices),
            Command("/admin remove", "NAME", "make somebody no admin", team.remove, team.name_choices),
            Command(
                "/admin allow",
                "WHOM",
                "let guests, bots, outsiders, @ROLE, #CHANNEL or NAME ask",
                rules.allow,
                rules.whom_choices,
            ),
            Command("/admin deny", "WHOM", "let them not ask", rules.deny, rules.whom_choices),
            Command("/admin restore", "NAME", "let somebody ask again who left", team.restore, team.name_choices),
            Command("/freeze", "[NAME|everyone [REASON]]", "pause asking", team.freeze, team.whom_choices),
            Command("/unfreeze", "[NAME]", "let it go on", team.unfreeze, team.whom_choices),
            Command("/audit", "", "what was done in the team, newest first", team.audit),
        ]

    def demo_commands(self) -> list[Command]:
        """What only a demo team can play."""
        team = self.team
        return [
            Command("/left", "NAME", "play that somebody left the platform", team.left, team.name_choices),
            Command("/back", "NAME", "play that they are back", team.back, team.name_choices),
        ]
