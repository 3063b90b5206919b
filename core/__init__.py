"""The rules: standard library only. A chat calls a use case, a use case the rules and a port, and a value comes back.

What is typed in a chat, answered in lines: commands/, above the use cases; what is due is told at once: next_round.py.

What a chat can ask for (use cases; use_cases.py hands them out together, and none knows another):
    asks.py              to ask: the whole life of it is in asking/
    feedback.py, deliveries.py, notices.py   after an ask: a thumb, a late end, what somebody is told
    balance.py, usage.py, topup.py           /balance, /usage, /topup and /undo
    own_weeks.py         /usage weekly: one's own week with each digest (of both: usage_asked.py, usage_figures.py)
    refill.py            /admin refill, and what is asked when a wallet runs low (the rule: refill_rule.py)
    model_list.py, routing_report.py         /models, /routing
    digests.py                               the week in a few lines: posted once, and /admin digest
    team_policy.py, zones.py                 /limit and /admin policy, /admin zone
    budget_requests.py                       /request, Approve, Half, Deny
    membership.py                            who somebody is, and what they may decide now
    admins.py, departures.py, freezing.py, act_log.py   /admin add and remove, who left, /freeze, /audit
    own_data.py, forgetting.py, linking.py   /mydata, /forget, /link and /unlink
    team_linking.py      /admin link (both with link_codes.py)
    preferences.py       what people like to have: a model, where answers go (the names: preferred.py)
    kept_presses.py      what buttons stand for that cannot carry it themselves
    receipts.py          what an ask cost and why, at any time later
    going_on.py          which threads go on without a mention, and what runs in them
    homes.py             which workspace pays in a direct message
    leases.py            what one process at a time looks after
    statements.py        the month's books: /admin statement, /export (with month_books.py, months.py, charges.py,
                         csv_safe.py)
    bills.py, reversals.py, sweep.py, catalogue_news.py   for the operator, and what runs by the clock
    unusual_spending.py, provider_trouble.py, stale_prices.py   alerts (how low the wallet runs: ledger/levels.py)

The rules behind them:
    asking/ routing/     an ask from its claim to its receipt; which model answers it
    ledger/              what each operation does to the books; operations/ what it is asked, rows/ and page.py what it
                         works on, columns.py how rows are filled
    policy/ quota.py     what is set for whom, who may ask, and what that means here; limits and the counters they
                         bound (ledger/in_force.py holds both at the moment money is put aside)
    together.py          what several accounts of one person used, as one quota
    periods.py           days, weeks and months in a team's zone
    allowance.py, shown_rules.py   what of these people are shown
    digest/              when a week is told, and what it came to; runway.py how long a wallet lasts
    top_up_ceiling.py, operator_lists.py   what the operator allows
    usual_amounts.py     what to ask for, where nobody says how much
    lookup.py            who is meant by a typed name
    bot_turns.py         how often another bot may ask, so that two bots come to an end
    erasing.py           what is left of somebody who is forgotten
    secrets.py           what looks like a key or a card number
    tags.py              what a question says it is for
    forecast.py          what a month will come to
    addresses.py         which addresses are read at all
    text/                every sentence

Values and ports:
    people.py            team, member, identity, place
    money.py, prices.py, estimate.py, quote.py, receipt.py   amounts, and what things cost
    models.py, call.py, prompt.py, question.py, pictures.py, attached.py   what is asked, and of whom
    conversation.py, spoken.py   what was said before it: in a chat that keeps nothing, and in one that does
    spending.py, chart.py   what was spent, and as bars
    drawing/             those bars as a picture
    events.py, announcement.py, reports.py   what people and reports are told
    ports/               what the rules need from outside
    errors.py, defaults.py, ids.py, moments.py, tasks.py
    first_of.py, patience.py     waiting for whichever comes first; trying again
    in_turn.py           rounds in which what is wrong with one team stops no other
"""
