"""What admins of a workspace read when Chipin meets it."""

FIRST_MINUTES = "first_minutes"
"""The kind of notice: each team gets it once."""


def first_minutes() -> str:
    """Three steps to the first answer. Commands by the names that core has for them."""
    return (
        "Chipin is here. Three steps to the first answer: "
        "1. Connect a provider: whoever runs Chipin sets its key, and /models lists what can be asked. "
        "2. Add budget: /topup 25 and a reason. It is the team's, and nobody can spend more. "
        "3. Invite the team: everybody here can /ask now, and reads first what asking means. "
        "/limit everyone 5 says how much each may use a month."
    )
