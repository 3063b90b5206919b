"""The ways in: each listener acknowledges as its first await, hands a value to a task, and returns.

commands.py      what is typed
suggestions.py   what is suggested while somebody types
presses.py, pressed.py   what is pressed under commands, cards and notices
ask_presses.py   what is pressed under answers, prices and refusals
forms.py         forms, opened and sent
about.py         "Ask about this", in the menu of a message
messages.py      what is said: mentions, replies and direct messages
homes.py         which server pays in a direct message
acknowledged.py  the first thing that Discord hears of us
desk.py          what is common to them: who asks is looked up, a use case answers, they alone read it
"""
