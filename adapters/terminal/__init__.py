"""The chat in a terminal: it reads lines; core (core/commands) answers them, or what the session remembers does.

chat.py              the loop: read a line, find its command, show what came
table.py, completion.py   what can be typed, and how a line may go on
people.py, names.py  who speaks; in the demo team anybody may take any part. How roles and the channel are named

replies.py, files.py   what core answers, on the screen; what it hands over as a file
asking.py, afterwards.py   /ask, /price and what can be pressed; /details, /good, /bad

answer.py, listening.py   an answer as it comes, and stopping it
late.py              what somebody is told later
options.py           --model and --image

screen.py, open_screen.py, tty.py, pipe.py, lines.py   the screen, on a terminal or through a pipe
"""
