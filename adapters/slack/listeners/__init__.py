"""The ways in: each listener acknowledges, hands a value to a task, and returns.

commands.py                what is typed
events.py                  mentions, direct messages and replies
actions.py, pressed.py     what is pressed under commands, cards and notices
ask_actions.py             what is pressed under an answer
home_actions.py            what is pressed and chosen in App Home
modals.py, shortcuts.py    forms, opened and sent; "Ask about this" in the menu of a message
agent_view.py              the Messages tab: prompts to begin with, and Slack's own Stop
questions.py               where the answers of commands and forms go, asked once for each channel
desk.py                    what is common to them: who asks is looked up, a use case answers, they alone read it
"""
