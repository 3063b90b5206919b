"""What is told later.

announcer.py       how asks ended, what admins are to know, what goes on now
first_minutes.py   what a server's admins read first
"""
