"""The app itself: who it is, and its commands, everywhere or in one guild."""

from tests.discord.people import Json
from tests.discord.routes import Answer, At, route
from tests.discord.state import Refused, unknown

COMMANDS = "/applications/{application_id}/commands"
GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"


@route("get_my_user", "GET", "/users/@me")
def me(at: At) -> Answer:
    return Answer(at.discord.bot_user.as_json() | {"mfa_enabled": True, "locale": "en-US", "verified": True})


@route("get_my_oauth2_application", "GET", "/oauth2/applications/@me")
def oauth2_application(at: At) -> Answer:
    return Answer(application_json(at))


@route("get_my_application", "GET", "/applications/@me")
def application(at: At) -> Answer:
    return Answer(application_json(at))


def application_json(at: At) -> Json:
    discord = at.discord
    return {
        "id": discord.application_id,
        "name": discord.bot_user.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": discord.bot_user.as_json(),
        "bot_public": discord.bot_public,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": discord.owner.as_json(),
        "approximate_guild_count": len(discord.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
        "integration_types_config": {"0": {}},
    } | discord.application


@route("get_bot_gateway", "GET", "/gateway/bot")
def gateway(at: At) -> Answer:
    limit = {"total": 1000, "remaining": at.discord.sessions_left, "reset_after": 86_400_000, "max_concurrency": 1}
    return Answer({"url": at.discord.gateway_url, "shards": at.discord.shards, "session_start_limit": limit})


def _own(at: At, guild_id: str = "") -> dict[str, Json]:
    if at["application_id"] != at.discord.application_id:
        raise Refused(403, 20012, "You are not authorized to perform this action on this application")
    return at.discord.commands.setdefault(guild_id, {})


@route("list_application_commands", "GET", COMMANDS)
def listed(at: At) -> Answer:
    return Answer(list(_own(at).values()))


@route("list_guild_application_commands", "GET", GUILD_COMMANDS)
def listed_of_guild(at: At) -> Answer:
    return Answer(list(_own(at, at.guild.id).values()))


@route("bulk_set_application_commands", "PUT", COMMANDS)
def put(at: At) -> Answer:
    return Answer(_replace(at, _own(at), ""))


@route("bulk_set_guild_application_commands", "PUT", GUILD_COMMANDS)
def put_of_guild(at: At) -> Answer:
    return Answer(_replace(at, _own(at, at.guild.id), at.guild.id))


@route("get_application_command", "GET", COMMANDS + "/{command_id}")
def one(at: At) -> Answer:
    found = _own(at).get(at["command_id"])
    if found is None:
        raise unknown("application command")
    return Answer(found)


@route("create_application_command", "POST", COMMANDS)
def create(at: At) -> Answer:
    """One more; what has its name and type is replaced."""
    own, each = _own(at), at.call.fields
    kind = each.get("type") or 1
    before = next((one for one in own.values() if (one["name"], one["type"]) == (each["name"], kind)), None)
    command = _registered(at, each, kind, before["id"] if before else None, "")
    own[command["id"]] = command
    return Answer(command, 200 if before else 201)


@route("delete_application_command", "DELETE", COMMANDS + "/{command_id}")
def delete(at: At) -> Answer:
    if _own(at).pop(at["command_id"], None) is None:
        raise unknown("application command")
    return Answer()


def _replace(at: At, before: dict[str, Json], guild_id: str) -> list[Json]:
    """What is not in the list is gone; what has the same name and type keeps its id."""
    ids = {(each["name"], each["type"]): each["id"] for each in before.values()}
    before.clear()
    for each in at.call.body or ():
        kind = each.get("type") or 1
        command = _registered(at, each, kind, ids.get((each["name"], kind)), guild_id)
        before[command["id"]] = command
    return list(before.values())


def _registered(at: At, each: Json, kind: int, id: str | None, guild_id: str) -> Json:  # noqa: A002 (Discord's word)
    may = each.get("default_member_permissions")
    return {
        "id": id or at.discord.numbers.snowflake(),
        "application_id": at.discord.application_id,
        "version": at.discord.numbers.snowflake(),
        "type": kind,
        "name": each["name"],
        "description": each.get("description") or "",
        "default_member_permissions": None if may is None else str(may),
        "dm_permission": each.get("dm_permission", True) is not False,
        "contexts": each.get("contexts"),
        "integration_types": each.get("integration_types") or [0],
        "nsfw": False,
        **({"guild_id": guild_id} if guild_id else {}),
        **({"options": each["options"]} if each.get("options") else {}),
    }
