"""A Discord on this machine: the real discord.py talks to it over real sockets.

    async with a_discord() as town:               # town.py: Anna manages the server, Ben is a member, #general
        discord, feed = town.discord, Feed(town.discord)
        ... point the app at discord.api_url (DISCORD_API_URL), discord.gateway_url, discord.token ...
        await discord.gateway.connected()
        asked = await feed.command("ask", {"prompt": "why?"}, user=town.ben, channel=town.general)
        assert asked.deferred and asked.original.content == "because"
        pressed = await feed.press(asked.original, "Details", user=town.ben)
        discord.fail("update_original_webhook_message", status=502, taken=True, times=1)
        await discord.gateway.drop()              # the connection breaks; sessions can be resumed

    (fixtures of conftest.py: town, discord, feed; bot.py runs a discord.Client against it)

    server.py       FakeDiscord: what tests hold. Its set-up, its records (calls, messages, violations), faults
    feed.py         the tests' hands: command, autocomplete, press, submit, context_menu, say, mention, reply, direct
    interactions.py Interaction: what the feed returns. ok, deferred, original, followed, said, modal, choices, order
    guild.py        a server: members, roles, channels, permissions_of (permissions.py computes)
    state.py people.py      the records; building.py calling.py: payloads that keep to the rules, and REST calls
    gateway.py      connected, live, drop, drop_at, reconnect, invalidate, silent, refuses_resume (sessions.py)
    gate.py         every REST call on its way in: recorded, faults, rates, checked, then its route (routes.py)
    faults.py rates.py    what goes wrong when asked; rates.allow("update_message", 5, 5.0) refuses the sixth
    time_of_discord_py.py   discord.py's own sleeps on the clock of a test
    messages.py posting.py interactions.py webhooks.py threads.py channels.py guilds.py applications.py   the routes
    openapi.py schema.py  every call against Discord's own description (beside the checkout)
    linter.py       our rules of every payload (lint_messages, lint_components, lint_modals, lint_commands)
    offers.py       which commands Discord shows to whom; payloads.py: what Discord sends, as Discord writes it
    time_of_discord_py.py   discord.py waits by the clock of a test
    reading.py      what a person reads of a message, and what can be pressed in it

Operations (in `calls_of` and `fail`) have OpenAPI's names: create_message, update_message, delete_message,
create_interaction_response, update_original_webhook_message, execute_webhook (a follow-up), update_webhook_message,
bulk_set_application_commands, get_guild_member, create_thread_from_message ...; "cdn" is the download of a file.

On a busy machine an acknowledgement may take longer than three seconds: `discord.acknowledge_within_seconds` says how
long it may, where a test is not about that. What Discord refuses is refused (400) and a violation; a rule of ours
(linter.OURS) is a violation only. test_like_simcord.py holds all this against a Discord that others wrote.

A test ends with `assert discord.violations == []` (a_discord and the fixtures do it).
"""
