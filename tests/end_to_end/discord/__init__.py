"""Chipin on Discord, end to end: the real discord.py against the Discord of tests/discord, over real sockets."""
