"""An answer on Discord, from the first event of its ask to the last.

responder.py, live_answer.py    answers, and one of them event by event
where.py, threads.py            where it goes, and the threads it opens
aside.py                        what is told to its asker alone
stream.py, parts.py, pace.py    an answer as it comes: what one message shows of it, and how often it is edited
posting.py, route.py, ways.py   one message of it, and the ways by which messages get to its asker
"""
