"""What is told later.

announcer.py    how asks ended, what admins are to know, what goes on now
telling.py      one notice, into every channel that it goes to
pictures.py     its chart as a picture that Slack keeps
marked.py       whether it stands there already
"""
