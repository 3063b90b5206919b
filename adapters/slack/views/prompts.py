"""What stands in the Messages tab to begin with; the manifest has the same."""

from collections.abc import Mapping

TITLE = "Ask anything. You see what each answer cost."
PROMPTS: tuple[Mapping[str, str], ...] = (
    {"title": "Explain an error", "message": "What does this error mean, and how do I fix it? "},
    {"title": "Write an announcement", "message": "Write a short announcement for my team about "},
    {"title": "Improve a text", "message": "Make this text clearer and shorter, and keep its tone: "},
    {"title": "Plan a piece of work", "message": "Break this down into steps, with what could go wrong: "},
)
"""At most four (app-manifests.v1.features.agent_view)."""
