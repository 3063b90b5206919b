"""Which intents an event needs, and whose shard hears of a guild. Source: discord.com/developers/events/gateway."""

GUILDS, GUILD_MEMBERS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1, 1 << 1, 1 << 9, 1 << 12, 1 << 15

_FIXED = {
    **dict.fromkeys(
        (
            *("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"),
            *("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"),
            *("CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"),
            *("THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE"),
        ),
        GUILDS,
    ),
    **dict.fromkeys(("GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE"), GUILD_MEMBERS),
}
OF_MESSAGES = ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE")


def intent_of(event: str, in_guild: bool) -> int:
    """The intent without which it is not sent; 0: it is always sent (interactions, READY)."""
    if event in OF_MESSAGES:
        return GUILD_MESSAGES if in_guild else DIRECT_MESSAGES
    return _FIXED.get(event, 0)


def guild_shard(guild_id: str, count: int) -> int:
    return (int(guild_id) >> 22) % count
