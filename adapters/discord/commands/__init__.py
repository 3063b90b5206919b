"""The application commands: what Discord offers to type, and what of core's table each is.

definitions.py   every command with its options, and the words that core's command takes of them
options.py       what an option is, and what was given for it
payload.py       all of it as Discord takes it
given.py         what somebody typed, read off Discord's payload
choices.py       what is suggested while somebody types: from memory
sync.py          told to Discord when it has other ones

They are values of our own: discord.py's decorators would make each a function with a signature, and one table of
core's would stand here twice (docs/decisions/0030).
"""
