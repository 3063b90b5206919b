"""An answer on Slack, from the first event of its ask to the last.

responder.py, live_answer.py    answers, and one of them event by event
status.py                       what is shown before there is one
stream.py, budget.py            an answer as it comes, and how often it may be written to
posting.py, shapes.py           one message of it, and how it is put
spots.py, lost.py               where it stands and how it is marked; looking for what may stand there
elsewhere.py                    answers where the bot may not write
"""
