"""Guilds as the bot may read them: the guild, its members, roles and channels."""

from tests.discord.routes import Answer, At, route
from tests.discord.state import Refused, unknown

GUILD = "/guilds/{guild_id}"


@route("get_guild", "GET", GUILD)
def one(at: At) -> Answer:
    counts = {"approximate_member_count": len(at.guild.members), "approximate_presence_count": 1}
    return Answer(at.guild.as_json() | (counts if at.call.query.get("with_counts") in ("1", "true") else {}))


@route("list_my_guilds", "GET", "/users/@me/guilds")
def mine(at: At) -> Answer:
    me = at.discord.bot_user
    return Answer(
        [
            {
                "id": guild.id,
                "name": guild.name,
                "icon": None,
                "banner": None,
                "owner": guild.owner is me,
                "permissions": str(guild.permissions_of(me)),
                "features": [],
            }
            for guild in at.discord.guilds.values()
            if guild.present
        ]
    )


@route("leave_guild", "DELETE", "/users/@me/guilds/{guild_id}")
def leave(at: At) -> Answer:
    at.discord.remove_bot(at.guild)
    return Answer()


@route("get_guild_member", "GET", GUILD + "/members/{user_id}")
def member(at: At) -> Answer:
    found = at.guild.members.get(at["user_id"])
    if found is None:
        raise unknown("Member") if at["user_id"] in at.discord.users else unknown("User")
    return Answer(found.as_json())


@route("list_guild_members", "GET", GUILD + "/members")
def members(at: At) -> Answer:
    """Needs the privileged intent for members."""
    if not at.discord.privileged & (1 << 1):
        raise Refused(403, 50001, "Missing Access")
    after, limit = int(at.call.query.get("after", "0")), int(at.call.query.get("limit", "1"))
    seen = sorted((each for each in at.guild.members.values() if int(each.id) > after), key=lambda each: int(each.id))
    return Answer([each.as_json() for each in seen[:limit]])


@route("search_guild_members", "GET", GUILD + "/members/search")
def searched(at: At) -> Answer:
    """Whose name or nickname begins so; it needs no privileged intent."""
    begins, limit = at.call.query["query"].lower(), int(at.call.query.get("limit", "1"))
    every = at.guild.members.values()
    seen = [each for each in every if each.user.name.lower().startswith(begins) or each.nick.lower().startswith(begins)]
    return Answer([each.as_json() for each in seen[:limit]])


@route("list_guild_roles", "GET", GUILD + "/roles")
def roles(at: At) -> Answer:
    return Answer([role.as_json() for role in at.guild.roles.values()])


@route("get_guild_role", "GET", GUILD + "/roles/{role_id}")
def role(at: At) -> Answer:
    found = at.guild.roles.get(at["role_id"])
    if found is None:
        raise unknown("Role")
    return Answer(found.as_json())


@route("list_guild_channels", "GET", GUILD + "/channels")
def channels(at: At) -> Answer:
    return Answer([each.as_json() for each in at.guild.channels.values() if not each.is_thread])


@route("get_active_guild_threads", "GET", GUILD + "/threads/active")
def active(at: At) -> Answer:
    threads = [each.as_json() for each in at.guild.threads()]
    return Answer({"threads": threads, "members": [], "has_more": False})
