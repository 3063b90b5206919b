"""Other workspaces install Chipin, and remove it.

pages.py            the two pages an admin goes through
installations.py    their tokens, encrypted
uninstalled.py      a workspace that removed it
first_minutes.py    what the admins of a new one read first
"""
