"""The life of one ask, from its claim to its receipt (ask.py draws it).

    ask.py         the steps in order: claim, care, plan, quote or confirm, spend
    claiming.py, kept.py   a new question, or a press that takes up a kept one
    gathering.py   what a chat looks up once a question is claimed: what was said before, what is attached
    first_use.py, care.py  what is told once before a first ask; what looks like a secret waits for a choice
    planning.py    who answers under the rules that apply here, and for how much
    context.py, recall.py  what of the conversation goes along; the step that looks through the rest
    spending.py    while money may be held: hold, answer, close
    hold.py, hold_line.py  the hold, and the line of asks that wait for money
    answering.py   every call that is made: the same model again, another one, a better one (docs/decisions/0015)
    waits.py       when the next call may be made: pauses, rates, the deadline
    calling.py, gate.py    one call to its end; words that are not shown yet
    charging.py    from what is known of a call to the lines of a receipt
    upstream.py    what calls go to, and a `Step`: one call as it was planned and as it went
    refusing.py    why no money was put aside, what admins could give, and which model still fits
    telling.py, event_stream.py   what the reader is told (core/events.py)
    insist.py, unbroken.py   the books are closed, whatever happens

core/asks.py starts, stops and waits for all asks of a process.
"""
