"""Files for one person, in a direct message: uploaded, or as text where that says enough."""

from contextlib import aclosing

from adapters.slack.api import Rejected
from adapters.slack.private import Private
from adapters.slack.uploads import completed, sent
from adapters.slack.views.documents import document_shown, pieces_of
from adapters.slack.workspaces import Workspace
from core.commands.speaking import Document
from core.errors import BadInput

PATIENCE_SECONDS = 10.0
"""Of each step, while Slack says "later"."""
NO_SCOPE = "missing_scope"
INSTALL_AGAIN = (
    "Chipin may not upload files in this workspace yet: files:write is new. Paste the manifest anew, install the app "
    "again, or let whoever runs Chipin print it: python -m bot statement, python -m bot export --csv."
)


async def hand_over(private: Private, workspace: Workspace, user_id: str, document: Document) -> None:
    """Send it. Raises a `SlackFailed`, or `BadInput` where the app may not upload."""
    async with aclosing(document.pieces) as pieces:
        if document.shown_here:
            async for piece in pieces_of(pieces):
                await private.write(workspace, user_id, document_shown(piece))
            return
        content = "".join([piece async for piece in pieces]).encode("utf-8", "replace")
    try:
        await _uploaded(workspace, user_id, document.name, content)
    except Rejected as refused:
        if refused.code != NO_SCOPE:
            raise
        raise BadInput(INSTALL_AGAIN) from refused


async def _uploaded(workspace: Workspace, user_id: str, name: str, content: bytes) -> None:
    api, patience = workspace.api, PATIENCE_SECONDS
    opened = await api.call("conversations.open", users=user_id)
    file_id = await sent(api, name, content, patience_seconds=patience)
    await completed(api, file_id, name, patience_seconds=patience, channel_id=str(opened["channel"]["id"]))
