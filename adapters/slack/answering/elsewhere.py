"""Answers for where the bot may not write: it is no member of the channel, or the channel takes nothing.

They come whole, through the address that the command brought along, or else as a direct message.
"""

from dataclasses import dataclass, replace

from adapters.slack.answering.budget import AppendBudget
from adapters.slack.answering.spots import Spot
from adapters.slack.answering.stream import PAGE_CHARS, AnswerStream
from adapters.slack.api import ResponseUrls, SlackFailed, Unsure
from adapters.slack.origin import Origin
from adapters.slack.views.shown import Footer, aside
from adapters.slack.workspaces import Workspace
from core.ports import Clock
from core.text.neutralise import for_slack, for_slack_text
from core.text.split import Page, split

MOST_BY_ADDRESS = 3
"""The address takes five messages; some are left to what else is told through it."""
_NOTIFICATION_CHARS = 150
# No name is given: what the app is called in a workspace is the workspace's to choose.
HINT = "To see answers here as they are written, invite Chipin into this channel: type /invite and choose it."
BY_MESSAGE_HINT = "Chipin may not write where you asked this. To have answers there, type /invite there and choose it."


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """An answer that has come to its end; with `private` its asker alone reads it. `text` is as the model wrote it."""

    workspace: Workspace
    origin: Origin
    ask_id: str
    text: str
    footer: Footer
    private: bool


class Elsewhere:
    """Shows a whole answer where it cannot be written as it comes."""

    def __init__(self, response_urls: ResponseUrls, clock: Clock) -> None:
        self._response_urls = response_urls
        self._clock = clock

    async def show(self, answer: WholeAnswer) -> None:
        """Show it. Raises a `SlackFailed` or `TooLong` where no way is left, `Unsure` where it perhaps stands there."""
        pages = split(for_slack(answer.text), PAGE_CHARS)
        if answer.origin.response_url and len(pages) <= MOST_BY_ADDRESS:
            try:
                await self._by_address(answer, pages)
            except Unsure:  # nobody can look there: core tells it later, so that what is paid for is not lost
                raise
            except SlackFailed:
                pass  # it takes no more: the other way is left
            else:
                return
        await self._by_message(answer)

    async def _by_address(self, answer: WholeAnswer, pages: list[Page]) -> None:
        for page in pages:
            under = (*answer.footer.blocks, aside(HINT)) if page is pages[-1] else ()
            await self._response_urls.answer(
                answer.origin.response_url,
                response_type="ephemeral" if answer.private else "in_channel",
                replace_original=False,
                text=for_slack_text(page.content[:_NOTIFICATION_CHARS]),
                blocks=[{"type": "markdown", "text": page.text}, *under],
                unfurl_links=False,
                unfurl_media=False,
            )

    async def _by_message(self, answer: WholeAnswer) -> None:
        async def open_talk() -> Spot:
            opened = await answer.workspace.api.call("conversations.open", users=answer.origin.user_id)
            return Spot(answer.workspace, str(opened["channel"]["id"]), "", answer.origin.user_id)

        footer = replace(answer.footer, blocks=(*answer.footer.blocks, aside(BY_MESSAGE_HINT)))
        stream = AnswerStream(open_talk, answer.ask_id, AppendBudget(self._clock), set(), self._clock)
        stream.write(answer.text)
        await stream.finish(lambda: footer)
