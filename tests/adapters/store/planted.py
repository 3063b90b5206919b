"""What a hand may break in people and in levels, with the rule of the audit that names it: see test_audit.py."""

OF_PEOPLE = [
    ("accounts-count-together", ["UPDATE member SET same_as = '' WHERE id = 'mio'"]),
    ("accounts-count-together", ["UPDATE member SET same_as = 'max' WHERE id = 'mio'"]),
    ("accounts-count-together", ["UPDATE member SET same_as = 'mia', counts_with = '' WHERE id = 'anna'"]),
    ("accounts-count-together", ["UPDATE member SET counts_with = 'mia:0' WHERE id = 'mio'"]),
    ("accounts-count-together", ["UPDATE member SET counts_with = replace(counts_with, 'mia:0', 'mia:9')"]),
    ("accounts-count-together", ["UPDATE member SET counts_with = 'what is this' WHERE id = 'mio'"]),
    ("accounts-count-together", ["UPDATE member SET team_id = 'team' WHERE id = 'max'"]),
]

OF_LEVELS = [
    ("level-was-told", ["UPDATE wallet SET full_nanos = 100000, told_percent = 100"]),
    ("told-is-a-notice", ["UPDATE wallet SET told_percent = 5, marked_by = '' WHERE id = 'wal'"]),
    ("told-is-a-notice", ["UPDATE wallet SET told_percent = 50, full_nanos = 1900 WHERE id = 'wal'"]),
    (
        "mark-is-a-top-up",
        ["UPDATE wallet SET told_percent = 100, full_nanos = 0, marked_by = 'theirs' WHERE id = 'wal'"],
    ),
]
