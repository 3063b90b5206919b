"""Slack and Discord in one process and one team."""
