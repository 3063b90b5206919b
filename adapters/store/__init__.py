"""The books in SQLite or PostgreSQL. The rules are core/ledger's: a database reads rows before and writes them after.

Writing (one at a time):
    database.py          opens the books: one writer, and one engine that can only read
    writer.py, steps.py  operations that wait go into one transaction; the plan of it, which knows no driver
    sqlite.py, postgres.py   the two drivers of that plan
    trouble.py           what is wrong with a database, in a sentence

Reading (a port each, through SQLModel):
    tables/, migrations/, migrate.py   the schema, and how it came to be
    reports.py           people and money         policies.py         what is set
    spending.py          what was spent, by what and when
    charges.py, bills.py   what was charged, row by row; what providers bill and took
    charged.py           what those reads share: when something was booked, what was given back of it
    acts.py              what admins did          budget_requests.py  who asks for more
    notices.py           what is to be told       overdue.py          what the sweep ends
    routing_numbers.py   how models do            personal.py         what is known of one person
    preferences.py       what people like to have     digests.py   the weeks that were told
    presses.py           what buttons stand for
    persons.py, links.py   which accounts are one person, and the codes by which they become it
    receipts.py          what asks cost, and why
    threads.py           what was asked in a thread

Proving and keeping:
    audit.py, audit_rules.py, audit_totals.py, audit_policies.py, audit_people.py,
    audit_levels.py, audit_reported.py    that every invariant holds
    backup.py, restore.py, portable.py, drafts.py, export.py, walk.py   the books in a file
    vault.py             text that cannot be read at rest
    presence.py          which processes of this machine live
"""
