"""The ways in: each listener acknowledges, hands a value to a task, and returns.

messages.py    what is said: mentions, replies, direct messages, and threads that go on
homes.py       which server pays in a direct message
"""
