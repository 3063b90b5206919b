"""Chipin in Slack. What comes in is acknowledged and handed to a task; a use case of core answers; views show it.

app.py               everything, built and connected
connection.py, http.py   how Slack reaches us: Socket Mode, or it calls
origin.py            where something came from: Slack's payloads go no further
listeners/           the ways in: what is typed, said, pressed and sent; acknowledged, and handed on
people.py, profiles.py   who speaks, and what Slack says of them
conversation/        what was said and attached, as a question has it
asking.py            a question, from its origin to its answer
answering/           answers, while they come
private.py, handing_over.py   what one person alone reads, and files for them
home.py              App Home
views/               values as blocks, and what their buttons carry
table.py             what can be typed, as Slack's people type it
uploads.py           a file on its way to Slack
later/               what is told later, when, and whether it stands there already
install/             other workspaces install Chipin, and remove it; what their admins read first
manifest.py          what creates the app in one paste: manifest.json
workspaces.py        the installations, one of which everything goes through
api.py               the one way to call Slack
history.py           what stands in a channel or thread
addresses.py         which addresses are Slack's
library_logs.py      what slack-bolt and slack_sdk log, without what people wrote
"""
