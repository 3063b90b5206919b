"""What is told later.

announcer.py       how asks ended, what admins are to know, what goes on now
telling.py         one notice, into every channel that it goes to
late_answers.py    how an ask ended, where it was asked
marked.py          whether it stands there already
first_minutes.py   what a server's admins read first
"""
