"""Values in, blocks out: nothing here calls anybody.

shown.py    lines, buttons and what every view is made of
"""
