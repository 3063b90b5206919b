"""What was said and attached, as a question has it.

said.py                  one message, as plain text
mentions.py, names.py    people, channels and user groups in a command, and how those are called
gathering.py             what belongs to a question, looked up after its claim:
files.py                 the files on its message
threads.py, begun.py     the thread before it; threads that begin with a command's question
"""
