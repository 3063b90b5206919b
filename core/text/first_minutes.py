"""What admins of a workspace read when Chipin meets it."""

from core.defaults import MEMBER_MONTH_LIMIT_NANOS
from core.money import format_usd

FIRST_MINUTES = "first_minutes"
"""The kind of notice: each team gets it once."""


def first_minutes(*, only_admins_ask: bool = False) -> str:
    """In lines: three steps to the first answer. Commands by the names that core has for them.

    `only_admins_ask`: nobody else may before an admin lets them (core/defaults.py, ONLY_ADMINS_ASK_ON).
    """
    invite = (
        "Let people ask: /admin allow @role. Until then only admins may."
        if only_admins_ask
        else "Invite the team: everybody here can /ask now, and reads first what asking means."
    )
    return "\n".join(
        (
            "Chipin is here. Three steps to the first answer:",
            "  1. Connect a provider: whoever runs Chipin sets its key. /models lists what can be asked.",
            "  2. Add budget: /topup 25 and a reason. It is the team's, and nobody can spend more.",
            f"  3. {invite}",
            f"Each may use {format_usd(MEMBER_MONTH_LIMIT_NANOS)} a month until you say otherwise: /limit everyone 10.",
        )
    )
