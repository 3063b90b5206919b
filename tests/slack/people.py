"""auth.*, users.*, usergroups.*, team.info: who there is."""

from tests.slack.methods import At, method
from tests.slack.state import Json, SlackError


@method("auth.test")
def auth_test(at: At) -> Json:
    team = at.team
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": "chipin",
        "team_id": team.team_id,
        "user_id": team.bot_user_id,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


@method("auth.revoke")
def revoke(at: At) -> Json:
    if at.text("test").lower() in ("true", "1"):
        return {"revoked": False}
    at.team.revoked = True
    return {"revoked": True}


@method("users.info", scopes=["users:read"], required=["user"])
def user_info(at: At) -> Json:
    user = at.team.users.get(at.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user.as_json(at.team.team_id)}


@method("users.list", scopes=["users:read"])
def users(at: At) -> Json:
    everybody = list(at.team.users.values())
    start = int(at.text("cursor") or 0)
    end = start + int(at.text("limit") or 1000)
    return {
        "members": [user.as_json(at.team.team_id) for user in everybody[start:end]],
        "response_metadata": {"next_cursor": str(end) if end < len(everybody) else ""},
    }


@method("usergroups.list", scopes=["usergroups:read"])
def user_groups(at: At) -> Json:
    with_users = at.text("include_users").lower() in ("true", "1")
    return {
        "usergroups": [
            {
                "id": group.id,
                "team_id": at.team.team_id,
                "handle": group.handle,
                "name": group.handle,
                "date_delete": 0,
                **({"users": list(group.users)} if with_users else {}),
            }
            for group in at.team.user_groups.values()
        ]
    }


@method("usergroups.users.list", scopes=["usergroups:read"], required=["usergroup"])
def user_group_users(at: At) -> Json:
    group = at.team.user_groups.get(at.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


@method("team.info", scopes=["team:read"])
def team_info(at: At) -> Json:
    team = at.team
    return {"team": {"id": team.team_id, "name": team.name, "domain": team.domain, "email_domain": ""}}
