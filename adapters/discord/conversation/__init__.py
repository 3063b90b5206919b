"""What was said and attached, as a question has it.

said.py        one message's words, as plain text
messages.py    messages as Discord's REST API has them
answers.py     answers of ours, without what stands under them
about.py       a message that is asked about, as it is kept meanwhile
gathering.py   what belongs to a question, looked up once it is claimed:
files.py       the files on its message
history.py, talks.py   the replies it goes back to, the thread it is in, or the talk with the bot alone
"""
