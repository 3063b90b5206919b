"""What was said and attached, as a question has it.

gathering.py   what belongs to a question, looked up once it is claimed
"""
