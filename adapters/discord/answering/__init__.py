"""Answers, while they come.

responder.py   every answer that this process is showing
"""
