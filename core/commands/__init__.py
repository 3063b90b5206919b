"""What is typed is answered in lines: once, for every chat. A layer above the use cases.

    table.py     what can be typed, in groups; how a line is looked up, and how a chat's people type it
    listed.py    the commands that all chats have
    speaking.py  who typed it and where (`Speaker`), what they read, and what they may press then (`Reply`)
    options.py   --model and what else may stand in front of a question
    answers.py   which function answers which command; what agreeing to something does
    carried.py   what waits for a press as text, for buttons that carry it or that it is kept for

    money.py     /balance, /usage, /topup, /undo       requests.py   /request, /approve
    refills.py   /admin refill, and the button under its notice
    rules.py     /limit, /admin policy                 team.py       /admin add, zone, /freeze, /audit
    linking.py   /link, /unlink, /admin link
    channels.py  /admin announce, of Discord's own     digest.py     /admin digest
    models.py    /models, /routing                     privacy.py    /mydata, /forget
    month.py     /admin statement, /export

A chat adds what it answers itself (/ask above all), writes the lines, and keeps what may be pressed: as buttons that
carry the plain values of a `Reply`, or in the memory of a session.
"""
