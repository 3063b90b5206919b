"""What Discord's description does not say of what we send, and what is a rule of ours: checked in every call."""

from tests.discord.faults import Call
from tests.discord.faulty import Report, Violation
from tests.discord.interactions import COMPLETES, DEFERS, DEFERS_UPDATE, OPENS, SAYS, UPDATES
from tests.discord.lint_commands import lint_commands
from tests.discord.lint_messages import lint_files, lint_message
from tests.discord.lint_modals import lint_choices, lint_modal
from tests.discord.people import Json
from tests.discord.state import EPHEMERAL, Message

NEW = ("create_message", "execute_webhook")
EDITS = ("update_message", "update_original_webhook_message", "update_webhook_message")
COMMANDS = ("bulk_set_application_commands", "bulk_set_guild_application_commands")

OURS = frozenset({"allowed mentions", "no embeds", "flags", "deferral", "V2 stays"})
"""Rules that Discord does not refuse to see broken: ours, or it overlooks what breaks them."""


def lint(call: Call, before: Message | None, file_limit_bytes: int) -> list[Violation]:
    """What is wrong with a call. `before`: the message that it changes, as it stands."""
    report = Report()
    if call.operation in NEW:
        lint_message(report, call.fields, None)
    elif call.operation in EDITS:
        lint_message(report, call.fields, before)
    elif call.operation == "create_interaction_response":
        _callback(report, call.fields, before)
    elif call.operation in COMMANDS:
        lint_commands(report, call.body if isinstance(call.body, list) else [])
    elif call.operation == "create_application_command":
        lint_commands(report, [call.fields])
    body = call.fields.get("data") if call.operation == "create_interaction_response" else call.fields
    lint_files(report, body if isinstance(body, dict) else {}, call.files, file_limit_bytes)
    where = f"{call.method} {call.route}"
    return [Violation(each.rule, f"{where} {each.where}".rstrip(), each.why) for each in report.found]


def _callback(report: Report, fields: Json, before: Message | None) -> None:
    kind, data = fields.get("type"), fields.get("data") or {}
    if kind in (SAYS, UPDATES):
        lint_message(report, data, before if kind == UPDATES else None)
    elif kind in (DEFERS, DEFERS_UPDATE):
        if set(data) - {"flags"}:
            report.add("deferral", "data", f"carries {sorted(set(data) - {'flags'})}, which nobody sees")
        if int(data.get("flags") or 0) & ~EPHEMERAL:
            report.add("deferral", "data.flags", f"{data['flags']}: only EPHEMERAL may be set")
    elif kind == COMPLETES:
        lint_choices(report, data.get("choices"))
    elif kind == OPENS:
        lint_modal(report, data)
