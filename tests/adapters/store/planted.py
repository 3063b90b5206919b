"""What a hand may break in the rows of people, with the rule of the audit that names it: see test_audit.py."""

OF_PEOPLE = [
    ("accounts-count-together", ["UPDATE member SET same_as = '' WHERE id = 'mio'"]),
    ("accounts-count-together", ["UPDATE member SET same_as = 'max' WHERE id = 'mio'"]),
    ("accounts-count-together", ["UPDATE member SET same_as = 'mia', counts_with = '' WHERE id = 'anna'"]),
    ("accounts-count-together", ["UPDATE member SET counts_with = 'mia:0' WHERE id = 'mio'"]),
    ("accounts-count-together", ["UPDATE member SET counts_with = replace(counts_with, 'mia:0', 'mia:9')"]),
    ("accounts-count-together", ["UPDATE member SET counts_with = 'what is this' WHERE id = 'mio'"]),
    ("accounts-count-together", ["UPDATE member SET team_id = 'team' WHERE id = 'max'"]),
]
