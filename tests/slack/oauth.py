"""oauth.v2.access, apps.connections.open, apps.uninstall: how an app gets and loses its tokens."""

from dataclasses import dataclass

from tests.slack.methods import At, method
from tests.slack.state import Json, SlackError


@dataclass(slots=True)
class Grant:
    """What somebody allowed in the browser: a code that buys a token once."""

    code: str
    team: str
    user: str
    issued_at: float
    used: bool = False


@method("oauth.v2.access", required=["code"])
def access(at: At) -> Json:
    slack = at.slack
    if (at.text("client_id"), at.text("client_secret")) != (slack.client_id, slack.client_secret):
        raise SlackError("bad_client_secret" if at.text("client_id") == slack.client_id else "invalid_client_id")
    grant = slack.grants.get(at.text("code"))
    if grant is None:
        raise SlackError("invalid_code")
    if grant.used:
        raise SlackError("code_already_used")
    if slack.clock.now() - grant.issued_at > 600:
        raise SlackError("code_expired")
    grant.used = True
    team = slack.workspaces[grant.team]
    team.revoked = False
    return {
        "app_id": slack.app_id,
        "authed_user": {"id": grant.user},
        "scope": ",".join(sorted(team.scopes or slack.asked_scopes)),
        "token_type": "bot",
        "access_token": team.bot_token,
        "bot_user_id": team.bot_user_id,
        "team": {"id": team.team_id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


@method("apps.connections.open")
def connections_open(at: At) -> Json:
    return {"url": at.slack.sockets.ticket()}


@method("apps.uninstall")
def uninstall(at: At) -> Json:
    if (at.text("client_id"), at.text("client_secret")) != (at.slack.client_id, at.slack.client_secret):
        raise SlackError("client_id_token_mismatch")
    at.team.revoked = True
    return {}
