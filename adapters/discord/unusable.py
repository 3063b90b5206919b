"""What Discord says when it will never let this bot in as it is set up, as a sentence with the fix."""

from core.errors import NotConfigured

_SENTENCES = {
    4004: "Discord does not accept DISCORD_TOKEN. Take the one that your application's page shows under Bot, "
    '"Reset Token".',
    4010: "Discord does not know the shard that this process asked for. Set DISCORD_SHARDS=auto, or remove it.",
    4011: "This bot is in too many servers for one connection. Set DISCORD_SHARDS=auto.",
    4012: "Discord does not speak this version of its gateway any more. Install a newer Chipin.",
    4013: "Discord does not know what this bot asks to be told (intents). Install a newer Chipin.",
    4014: "Discord does not let this bot hear what it asks for (intents), although Chipin asks for no privileged one. "
    "See on your application's page, under Bot, whether Discord has disabled the bot or asks for its verification.",
}
"""By the code with which Discord closes its gateway (topics/opcodes-and-status-codes)."""

TOKEN_REFUSED = 4004


def unusable(code: int) -> NotConfigured | None:
    """What stops the start; None where trying again may help."""
    sentence = _SENTENCES.get(code)
    return None if sentence is None else NotConfigured(sentence)


def refused_token() -> NotConfigured:
    """Nothing can be answered with such a token."""
    return NotConfigured(_SENTENCES[TOKEN_REFUSED])
