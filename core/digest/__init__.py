"""The digest's rules and values: when a week is told, what it came to, and what seats would have cost instead.

    schedule.py  on which day and at what time; the instant at which a week is due      settings.py  what a team set
    figures.py   what a week came to      gathering.py  where its figures come from
    savings.py   what automatic choice saved      seats.py  what seats would cost
    chart_of.py  its picture as a value   weeks.py      which week was told last

The use case is core/digests.py, the words are in core/text/digest.py, the row that keeps a week from being told twice
in core/ledger/digests.py. docs/decisions/0037.
"""
