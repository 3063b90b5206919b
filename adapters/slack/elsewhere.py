"""Answers for where the bot may not write: it is no member of the channel, or the channel takes nothing.

They come whole, through the address that the command brought along, or else as a direct message.
"""

from dataclasses import replace

from adapters.slack.api import ResponseUrls, SlackFailed, Unsure
from adapters.slack.origin import Origin
from adapters.slack.posting import AnswerMessage, Footer, Spot
from adapters.slack.stream import PAGE_CHARS
from adapters.slack.views.shown import aside
from adapters.slack.workspaces import Workspace
from core.text.neutralise import for_slack, for_slack_text
from core.text.split import split

MOST_BY_ADDRESS = 3
"""The address takes five messages; some are left to what else is told through it."""
HINT = "To see answers here as they are written, invite Chipin into this channel: type /invite and choose it."
BY_MESSAGE_HINT = "Chipin may not write where you asked this. To have answers there, invite it: type /invite there."
"""No name is given: what the app is called in a workspace is the workspace's to choose."""


class Elsewhere:
    """Shows a whole answer where it cannot be written as it comes."""

    def __init__(self, response_urls: ResponseUrls) -> None:
        self._response_urls = response_urls

    async def show(
        self, workspace: Workspace, origin: Origin, ask_id: str, text: str, footer: Footer, *, private: bool
    ) -> None:
        """Show it once. Raises a `SlackFailed` where no way is left."""
        if origin.response_url:
            try:
                if await self._by_address(origin, text, footer, private=private):
                    return
            except Unsure:  # Slack perhaps showed it, and there is no way to look: rather once than twice
                return
            except SlackFailed:
                pass
        await self._by_message(workspace, origin, ask_id, text, footer)

    async def _by_address(self, origin: Origin, text: str, footer: Footer, *, private: bool) -> bool:
        pages = split(for_slack(text), PAGE_CHARS)
        if len(pages) > MOST_BY_ADDRESS:
            return False
        for page in pages:
            under = (*footer.blocks, aside(HINT)) if page is pages[-1] else ()
            await self._response_urls.answer(
                origin.response_url,
                response_type="ephemeral" if private else "in_channel",
                replace_original=False,
                text=for_slack_text(page.content[:150]),
                blocks=[{"type": "markdown", "text": page.text}, *under],
                unfurl_links=False,
                unfurl_media=False,
            )
        return True

    async def _by_message(self, workspace: Workspace, origin: Origin, ask_id: str, text: str, footer: Footer) -> None:
        opened = await workspace.api.call("conversations.open", users=origin.user_id)
        spot = Spot(workspace, str(opened["channel"]["id"]), "", origin.user_id)
        pages = split(for_slack(text), PAGE_CHARS)
        hinted = replace(footer, blocks=(*footer.blocks, aside(BY_MESSAGE_HINT)))
        for part, page in enumerate(pages, start=1):
            message = AnswerMessage(spot, ask_id, part, set(), streams=False)
            await message.end(page.text, hinted if page is pages[-1] else Footer())
