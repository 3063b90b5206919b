"""Chipin in Slack. What comes in is acknowledged and handed to a task; a use case of core answers; views show it.

app.py               everything, built and connected
connection.py, http.py   the two ways in: Socket Mode, or Slack calls us
commands.py, events.py   what people type, and what Slack tells
origin.py            where it came from: Slack's payloads go no further
people.py, workspaces.py   who speaks, and in which installation
asking.py            a question, from its origin to its answer
responder.py         an answer, as it comes
tasks.py             what runs after something was acknowledged
api.py               the one way to call Slack
"""
