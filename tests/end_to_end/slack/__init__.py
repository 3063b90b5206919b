"""Chipin in a Slack on this machine: slack-bolt as it is in production, real books, real sockets on every side.

house.py     one running Chipin in Slack, over Socket Mode or HTTP
locks.py     a database that somebody else holds
"""
