"""Values in, blocks out: nothing here calls anybody.

answer.py   an ask: the footer of its answer, and what its asker alone is asked
shown.py    lines, buttons and what every view is made of
"""
