"""Values in, blocks out: nothing here calls anybody.

answer.py     an ask: the footer of its answer, and what its asker alone is asked
shown.py      lines, buttons and what every view is made of
carried.py    what the buttons under answers carry
wallet.py     top-ups, and asking the admins for more
cards.py      a request that is to be decided, and other notices
digest.py     a team's week, with its chart
lists.py      help, and everything that waits for a decision
modals.py     forms
offers.py     where answers are to stand
documents.py  a file for one person
late.py       the end of an ask that its asker has not seen
home.py       App Home
shortcuts.py  "Ask about this": the form
prompts.py    what the Messages tab suggests
"""
