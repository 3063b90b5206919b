"""Which model answers a question, decided here and for free: no call, no clock but the one given, no database.

    rules.py       what the operator sets (docs/routing.md; adapters/llm/routing_file.py reads it)
    team_rules.py  the same, narrowed by what the team's policy allows (core/policy)
    candidates.py  the hard filters: another rule that excludes models is a `Rule` and a line in `ruled_out`
    difficulty.py, words.py   how good a model the question needs
    chain.py       the order, and who stands in for whom
    variants.py    experiments
    plan.py        all of these together: `plan_route` gives the hops and why in one line
    health.py, rates.py   what is remembered of calls: cooldowns, speed, requests and tokens a minute
    weak.py        whether a first answer is worth showing
    offered.py     the models as /models lists them
    sentences.py   what all of this says to people

The calls themselves, retries and holds are core/asking's. docs/decisions/0014 says which rule wins where two meet.
"""
