"""The process. It builds and starts; it has no rules.

__main__.py, command_line.py, console.py   `python -m bot COMMAND`, and where it prints
settings.py          the only reader of the environment
wiring.py, ports.py  which adapter fills which port
run.py, terminal.py, slack.py, discord.py   which chats are started, and with what
schedule.py, alerts.py, stopping.py   the clock, what it tells admins, and ending in time
http.py, metrics.py  the HTTP server: what chats are called by, and what a monitor asks
doctor.py, slack_doctor.py, discord_doctor.py, check.py   what an operator can get wrong
books.py, month.py, backups.py, freezing.py, reversing.py, digest.py   the other commands
logs.py, heartbeat.py, clock.py, collector.py   what a process needs
"""
