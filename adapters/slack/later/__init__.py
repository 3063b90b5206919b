"""What is told later.

announcer.py    how asks ended, what admins are to know, what goes on now
marked.py       whether it stands there already
"""
