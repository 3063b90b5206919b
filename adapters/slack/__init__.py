"""Chipin in Slack. What comes in is acknowledged and handed to a task; a use case of core answers; views show it.

app.py               everything, built and connected
connection.py, http.py   the two ways in: Socket Mode, or Slack calls us
commands.py, events.py   what people type, and what Slack tells
origin.py            where it came from: Slack's payloads go no further
people.py, profiles.py, workspaces.py   who speaks, what Slack says of them, and in which installation
begun.py             threads that begin with a command's question
agent_view.py        the Messages tab: prompts to begin with, and Slack's own Stop
said.py              what somebody said, as plain text
gathering.py, threads.py, files.py   what was said before, and what is attached: looked up after the claim
desk.py, private.py  answering one person alone
table.py, words.py, names.py   what can be typed; mentions of people, channels and user groups in it
questions.py         where answers go, asked once for each channel
modals.py, shortcuts.py   forms, opened and sent; "Ask about this" in the menu of a message
actions.py, ask_actions.py, pressed.py   what is pressed: under commands, cards and notices; under an ask
asking.py            a question, from its origin to its answer
responder.py, showing.py   answers, and one of them event by event
stream.py, budget.py   an answer as it comes, and how often it may be written to
posting.py, shapes.py  one message of it, and how it is put
spots.py, lost.py      where it stands and how it is marked; looking for what may stand there
elsewhere.py, status.py   answers where the bot may not write; what is shown before there is one
presses.py           what the buttons under answers carry
home.py, home_actions.py   App Home, and what is pressed in it
announcer.py, telling.py, marked.py   what is told later, when, and whether it stands there already
tasks.py             what runs after something was acknowledged
install.py, installations.py   other workspaces install Chipin: two pages, and their tokens
uninstalled.py, first_minutes.py   a workspace that removed it; one that met it
manifest.py          what creates the app in one paste: manifest.json
api.py               the one way to call Slack
library_logs.py      what slack-bolt and slack_sdk log, without what people wrote
"""
