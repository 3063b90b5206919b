"""A Slack on this machine: the real slack-bolt and slack-sdk talk to it over real sockets.

    server.py       FakeSlack: what tests hold. Its setup, its records (calls, messages, views, violations), its clock.
    workspace.py    a team: its people, channels, messages, views and files (state.py: the records themselves)
    clock.py        one clock that tests may advance, and the numbers that only rise (order, ts, ids)
    gate.py         every call on its way in: recorded, faults, token, scopes, rates, then its method
    methods.py      which method needs which scopes and fields, and who answers it
    chat.py streams.py conversations.py people.py files.py views.py agents.py oauth.py    the methods themselves
    faults.py       what goes wrong, when asked: errors, 429, lost replies, stalls
    rates.py        Slack's limits per minute, and how near anybody came
    response_urls.py  answers through a response_url: five in thirty minutes
    blocks.py       the validator of every outgoing payload (elements.py, tables.py, mentions.py)
    socket_mode.py  the websocket of Socket Mode
    feed.py         the ways in, the same for both transports: SocketFeed and HttpFeed
    manifest.py     what the app's manifest subscribed to: nothing else is delivered
    payloads.py     what Slack sends, as Slack writes it (submissions.py: what its acknowledgement does)
    reading.py      what a person reads of a message, and what can be pressed in it
    bolt.py         a real slack-bolt app connected to the fake

A test ends with `assert slack.violations == []`.
"""
