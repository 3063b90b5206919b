"""The money rule, in its one home: what each operation does to wallet, counters, holds, entries and requests.

Every rule is a pure function of (operation, page, now) that returns the outcome and the rows that change. Both
databases and the in-memory fake run exactly these; a database only reads the rows before and writes them after.

    holding.py   Hold, Rehold            take from the pool and every limit in one step
    closing.py   Settle, Release, Expire give back, charge at most the hold
    in_force.py  what a hold has to fit in: the team's rules as its transaction reads them
    persons.py   accounts that are one person: how they join and part     policy_rows.py, rules_of_one.py  their rules
    links.py     GiveCode and so on      the codes by which they come together     teams.py  JoinTeams
    topups.py    TopUp, Refund           budget in and out
    levels.py    how low a wallet runs before its admins hear of it
    refills.py   OfferRefill, Refill     what the refill rule offers, and its press
    reversing.py Reverse                 a charge is given back
    entries.py   double entry            accounts, transfers, receipt lines
    requests.py  Claim and what follows  who may run a request, where it stands
    delivery.py  TakeDelivery and so on  how its end reaches the asker, and what is erased
    notices.py   PostNotice and so on    what admins are told, once
    digests.py   PostDigest              the weeks that a team is told of
    bills.py     RecordBill              what providers bill the operator
    roster.py    Enrol and what follows  people, who is frozen
    privacy.py   Welcome and Forget      what somebody was told, and what is left of who is forgotten
    policy.py    SetRule and SetZone      what is set for whom, and by which midnight periods begin
    preferences.py  Prefer               what people like to have
    presses.py   KeepPress, ErasePress   what buttons stand for
    budget_requests.py  AskForMore and so on   who asks for more, and what waits for nothing any more
    deciding.py  DecideRequest           what admins say to it: once, not to themselves, in time
    leases.py    TakeLease, GiveLeaseUp  what one process at a time looks after
    rights.py    SetAdmin, SetGone ...   who looks after a team, who has left it
    apply.py     one operation           its rule, and its first outcome when it comes again

Invariants, kept by every operation (`audit` proves them, tests/core/ledger tries to break them):
    available + held = sum of the pool's entries      held = sum of the open holds
    every transfer sums to zero                       a closed hold charged = what its transfer took from the pool
    a counter's held = its open holds                 a counter's used = its closed holds, less what was reversed
    a counter's granted = its approved requests
    available, held >= 0
"""
