"""Chipin on Discord. What comes in is acknowledged and handed to a task; a use case of core answers; views show it.

app.py               everything, built and connected
client.py            what discord.py hears
connection.py, session.py, shards.py   how it is connected: one process for each shard, resumed where it is lost
unusable.py          why Discord will never let this bot in, and the fix
origin.py            where something came from: discord.py's objects go no further
listeners/           the ways in: acknowledged, and handed on
people.py, profiles.py   who speaks, and what Discord says of them
servers.py, homes.py   the servers that the bot is in, and which of them pays in a direct message
asking.py            a question, from its origin to its answer
answering/           answers, while they come
table.py, commands/  what can be typed, as Discord's people type it, and the application commands
views/               values as components, and what their buttons carry
private.py           what one person alone reads
names.py             roles, channels and users, as they are mentioned and called
conversation/        what was said and attached, as a question has it
later/               what is told later, when, and whether it stands there already
addresses.py         which addresses are of files that Discord keeps
api.py, outgoing.py  the one way to call Discord, and messages as they leave by it
invite.py            the address by which the bot is added, and what it asks to be permitted
library_logs.py      what discord.py logs, without what people wrote
"""
