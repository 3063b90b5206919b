"""The process. It builds and starts; it has no rules.

__main__.py, command_line.py, console.py   `python -m bot COMMAND`, and where it prints
settings.py          the only reader of the environment
wiring.py            which adapter fills which port
run.py, schedule.py, stopping.py   starting the chats, the clock, and ending in time
doctor.py            what an operator can get wrong
books.py, backups.py, freezing.py, reversing.py   the other commands
logs.py, heartbeat.py, clock.py, collector.py   what a process needs
"""
