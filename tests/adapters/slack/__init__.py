"""The adapter for Slack, each file by itself."""
