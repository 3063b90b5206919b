"""The chat in a terminal. A desk answers each kind of command: it asks core for a value, and writes core's sentences.

chat.py              the loop: read a line, find its command, show what came
table.py, commands.py   what can be typed, and which desk answers it; how a line is looked up
people.py            who speaks; in the demo team anybody may take any part

asking.py, afterwards.py   /ask, /price and what can be pressed; /details, /good, /bad
models.py            /models, /routing        wallet.py    /balance, /usage, /topup
rules.py             /limit, /admin policy    zone.py      /admin zone
team.py              /admin add, /freeze, /audit   requests.py  /request, /approve
privacy.py           /mydata, /forget

answer.py, listening.py   an answer as it comes, and stopping it
late.py              what somebody is told later
options.py           --model and --image

screen.py, open_screen.py, tty.py, pipe.py, lines.py   the screen, on a terminal or through a pipe
"""
