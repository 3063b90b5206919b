"""Every number that the rules go by, in one table. Those that can be set are in .env.example too."""

from core.money import NANOS_PER_USD

ASK_DEADLINE_SECONDS = 120
"""An ask is over after this long, whatever its provider does."""

HOLD_TTL_SECONDS = 180
"""A hold whose process is gone is given back after this long; at least the deadline and a minute."""

HOLD_TTL_MARGIN_SECONDS = 60
"""How much longer than the deadline a hold must live: time to settle."""

HOLD_WAIT_SECONDS = 20
"""How long an ask waits for money that other running asks hold, before it is refused."""

SWEEP_SECONDS = 30
"""How often what is overdue is looked for: holds and asks of dead processes, ends to tell, text to erase."""

MAX_OUTPUT_TOKENS = 1_500
"""The output cap that is sent to the model: about 1,100 English words."""

CONTEXT_TOKENS = 4_000
"""How much of a conversation is sent along with its next question, newest first: about 3,000 English words."""

FLOOR_OUTPUT_TOKENS = 256
"""An answer is never planned shorter than this, unless MAX_OUTPUT_TOKENS is; a smaller budget is refused instead."""

FLOOR_REASONING_OUTPUT_TOKENS = 1_024
"""The same for a model that thinks first: its thoughts are output too, and a short cap is spent before a word."""

CONFIRM_ABOVE_USD = "0.10"
"""An ask that may cost more than this is confirmed first."""

MEMBER_MONTH_LIMIT_NANOS = 5 * NANOS_PER_USD
"""What one member may spend in a calendar month."""

MAX_IN_FLIGHT = 3
"""How many asks one member may have running at a time."""

SEAT_PRICE_USD = "25"
"""What a seat of a usual AI subscription for teams costs a month, for the digest to compare with: $20 to $25."""

ONLY_ADMINS_ASK_ON = ("discord",)
"""Platforms on which nobody but admins may ask until a role is allowed: servers there are open to strangers."""

MAX_MEMBER_ASKS = 50
"""How many of them one member may have running or waiting: nobody fills the house alone."""

MEMBER_DAY_ABSORBED_NANOS = NANOS_PER_USD // 2
"""What the operator pays for one member's unanswered asks in a day, before the member has to wait for the next."""

MIN_TOP_UP_NANOS = NANOS_PER_USD
"""The least budget one top-up records."""

CONFIRM_TOP_UP_ABOVE_NANOS = 100 * NANOS_PER_USD
"""A top-up above this, or above four times the usual one, is confirmed first."""

UNUSUAL_TOP_UP_FACTOR = 4

SECOND_ADMIN_ABOVE_NANOS = 20 * NANOS_PER_USD
"""What is granted on request beyond this needs a second admin."""

MAX_REQUEST_NANOS = 1_000 * NANOS_PER_USD
"""The most that one request may ask for."""

USUAL_REQUEST_NANOS = 5 * NANOS_PER_USD
"""What is asked for where nobody says how much."""

WALLET_REQUESTS_NANOS = tuple(usd * NANOS_PER_USD for usd in (10, 25, 50))
"""What members may ask the admins to put into an empty wallet."""

WALLET_LEVELS_PERCENT = (50, 20, 5)
"""What is left of a wallet when its admins are told, in per cent of what was in it when budget last came in."""

UNUSUAL_TIMES, UNUSUAL_FROM_NANOS = 5, NANOS_PER_USD
"""A member's day is unusual at so many times what they spend on a usual one, from this much on: nobody is alarmed by
cents."""
USUAL_OF_DAYS, USUAL_NEEDS_DAYS = 30, 5
"""What a member spends on a usual day: the average of those, of so many before it, on which they asked; known from so
many on."""

STALE_PRICE_DAYS = 90
"""A price that nobody has compared with its source for longer than this may have changed."""
STALE_PRICES_AFTER_DAYS = 7
"""So long a team is there before it hears of such prices: its first days are for finding out what Chipin is."""

UNDO_TOP_UP_SECONDS = 600
"""How long a top-up can be undone in the chat."""

MIN_VARIANT_ASKS = 100
"""With fewer answers an arm of an experiment says nothing: of 100, a share of 10 % is known to +- 6 (95 % sure)."""

REPORTED_DAYS = 30
"""How far back the results of experiments go, and the router's own numbers."""

MAX_PROMPT_CHARS = 400_000
"""Longer questions are refused before they are even counted."""

MAX_RUNNING_ASKS = 1_000
"""How many asks one process runs at a time."""

DEMO_BUDGET_NANOS = 5 * NANOS_PER_USD
"""Practice budget that a demo team starts with."""

KEEP_SEALED_MS = 24 * 3600 * 1000
"""What nobody came for is erased by the first sweep after a day; an answer that is delivered at once."""

KEEP_FOR_BUTTONS_MS = 3600 * 1000
"""How long the sealed question is kept after its end was delivered, for "Better model" and "Try again": an hour is
long enough to read an answer and think better of it. Never longer than `KEEP_SEALED_MS` in all."""

LIVE_READER_MS = 60_000
"""How long the reader that is there when a request ends has for showing it, before others may tell the end."""

SHOW_END_SECONDS, TRY_END_SECONDS = 50.0, 45.0
"""How long a chat may take to show the end, and how long it begins to try again: less than until others may tell it."""

DELIVERY_LEASE_SECONDS = 60
"""How long one process has for telling somebody the end of their ask; after that another one may."""

LAST_POST_SECONDS = DELIVERY_LEASE_SECONDS - 15.0
"""How long whoever took a notice on may post it: later they could meet somebody else who took it on meanwhile."""

TELL_WITHIN_MS = 30 * 24 * 3600 * 1000
"""After a month nobody is told any more how an ask ended: who could not be told by then has left, and would otherwise
be tried for ever, before those who can be told."""

MAX_LEASE_MS = 86_400_000
"""No lease is longer: one that seems to be was given by a clock that was ahead."""

LINK_CODE_MS = 600_000
"""A code that brings two accounts or two teams together is typed, and then agreed to, within ten minutes each."""

MAX_WRONG_CODES, WRONG_CODES_MS = 5, 3_600_000
"""So many codes that were none may one member type in an hour. A code has 50 bits: guessing one is hopeless, and
this keeps it from being tried."""

MAX_ACCOUNTS = 8
"""How many accounts one person may have here: each of them is looked at whenever they ask."""

CLOCK_SLACK_MS = 60_000
"""What was made later than this from now was made while the clock was ahead: its deadline means nothing."""
