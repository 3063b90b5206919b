"""Everything a chat can ask of Chipin, in one value: what adapters are given."""

from dataclasses import dataclass

from core.act_log import ActLogs
from core.admins import Admins
from core.asks import Asks
from core.balance import Balances
from core.budget_requests import BudgetRequests
from core.deliveries import Deliveries
from core.departures import Departures
from core.digests import Digests
from core.feedback import Feedback
from core.forecast import Forecasts
from core.forgetting import Forgetting
from core.freezing import Freezing
from core.going_on import GoingOn
from core.homes import Homes
from core.kept_presses import KeptPresses
from core.leases import Leases
from core.linking import Linking
from core.membership import Membership
from core.model_list import ModelList
from core.notices import Notices
from core.own_data import OwnData
from core.own_weeks import OwnWeeks
from core.ports import Catalogue
from core.preferences import Preferences
from core.receipts import Receipts
from core.refill import Refills
from core.routing_report import RoutingReports
from core.statements import Statements
from core.team_linking import TeamLinking
from core.team_policy import TeamPolicy
from core.topup import TopUps
from core.usage import Usages
from core.zones import Zones


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use cases of one process, ready to use."""

    asks: Asks
    balances: Balances
    usages: Usages
    forecasts: Forecasts
    top_ups: TopUps
    policy: TeamPolicy
    membership: Membership
    catalogue: Catalogue
    deliveries: Deliveries
    notices: Notices
    feedback: Feedback
    routing: RoutingReports
    models: ModelList
    zones: Zones
    admins: Admins
    departures: Departures
    freezing: Freezing
    act_logs: ActLogs
    budget_requests: BudgetRequests
    forgetting: Forgetting
    linking: Linking
    team_linking: TeamLinking
    own_data: OwnData
    own_weeks: OwnWeeks
    preferences: Preferences
    going_on: GoingOn
    homes: Homes
    receipts: Receipts
    refills: Refills
    kept_presses: KeptPresses
    leases: Leases
    digests: Digests
    statements: Statements
