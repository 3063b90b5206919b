"""Sentences for people, for every chat. Values in, words out; what a chat can press is added by its adapter.

    wording.py     while an ask runs, and when it ends or is refused; parts that every sentence uses
    receipts.py    the price under an answer, and the details behind it
    prices.py      /price, "Better model"       models.py   /models       routing.py   /routing
    tags.py        what a question counts for
    forecast.py    what a month will come to
    wallet.py      /balance, /topup             zones.py    /admin zone
    usage.py       /usage, and one's own week
    refills.py     /admin refill, and the notice that asks whether to add budget
    policy.py      /admin policy                limits.py   /limit
    rule_words.py  one rule, and who set it, for all of these
    budget_requests.py  /request, and what is decided
    refusals.py    why somebody may not ask     not_enough.py   which limit, or the wallet, has no room
    acts.py        /audit                      admins.py   /admin add, remove, list
    late.py        what somebody is told afterwards
    notices.py     one line for admins          alerts.py   what admins are told before it hurts
    backups.py, freezing.py   the operator's commands
    linking.py, team_linking.py   /link and /unlink, /admin link
    statements.py, statement_html.py, statement_style.py, statement_csv.py, focus_csv.py   a month's books, as files
    bills.py       what providers bill
    forgetting.py  /forget                     presses.py   what is said of buttons
    first_use.py   before a first ask           care.py     what looks like a secret in a question
    first_minutes.py   when Chipin is new somewhere
    digest.py      a week in a few lines        digest_settings.py   /admin digest
    bars.py        amounts as bars of block characters
    neutralise.py, neutralise_slack.py, neutralise_discord.py, typed.py, names.py   text that is not ours
    split.py       long Markdown in several messages: markdown_lines.py, graphemes.py

Why a model was chosen, or none, is said by core/routing/sentences.py: its words depend on how it was decided.
"""
