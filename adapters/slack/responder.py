"""Shows one answer where it was asked."""

from dataclasses import dataclass

from adapters.slack.api import SlackFailed
from adapters.slack.origin import Origin
from adapters.slack.workspaces import Workspace
from core.asks import RunningAsk
from core.events import AlreadyAsked, Delta, Finished, Refused
from core.text.receipts import outcome_lines


@dataclass(frozen=True, slots=True)
class Where:
    """Where an answer goes: to the channel or thread it was asked in, or with `private` to its asker alone."""

    workspace: Workspace
    origin: Origin
    private: bool = False
    question: str = ""


class Responder:
    """Shows answers."""

    async def say(self, where: Where, sentence: str) -> None:
        """One sentence, to the asker alone."""
        origin = where.origin
        await where.workspace.api.call(
            "chat.postEphemeral", channel=origin.channel_id, user=origin.user_id, text=sentence
        )

    async def show(self, running: RunningAsk, where: Where) -> None:
        """Show an ask to its end."""
        text = ""
        async for event in running:
            match event:
                case Delta(piece):
                    text += piece
                case Finished():
                    text = "\n".join((text, *outcome_lines(event)))
                case Refused(sentence):
                    text = sentence
                case AlreadyAsked():
                    return
        origin = where.origin
        try:
            await where.workspace.api.call(
                "chat.postMessage",
                channel=origin.channel_id,
                thread_ts=origin.thread_ts or origin.ts or None,
                markdown_text=text,
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackFailed:
            return
        await running.delivered()
