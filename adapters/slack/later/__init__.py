"""What is told later.

announcer.py    how asks ended, what admins are to know, what goes on now
next_round.py   tells at once what has just become due
marked.py       whether it stands there already
"""
