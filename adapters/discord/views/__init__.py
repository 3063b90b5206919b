"""Values in, components out: nothing here calls anybody.

shown.py       lines, buttons and what every view is made of
custom_ids.py  what buttons carry
answer.py      an ask: what stands under its answer, and what its asker alone is asked or told
carried.py     what the buttons of an ask carry
late.py        what stands under an answer that is told later
wallet.py      top-ups, and asking the admins for more
cards.py       a request that is to be decided, and other notices
digest.py      a team's week, with its chart
lists.py       help, and everything that waits for a decision
modals.py      forms
about.py       the form behind "Ask about this"
homes.py       which server pays in a direct message
"""
