"""What one person alone reads: beside where they typed or pressed, else in a direct message."""

from adapters.slack.api import ResponseUrls, SlackFailed, Unsure
from adapters.slack.origin import Origin
from adapters.slack.views.shown import Shown
from adapters.slack.workspaces import Workspace


class Private:
    """Tells one person. Raises a `SlackFailed` where no way led to them, `Unsure` where one perhaps did."""

    def __init__(self, response_urls: ResponseUrls) -> None:
        self._response_urls = response_urls

    async def tell(self, workspace: Workspace | None, origin: Origin, shown: Shown) -> None:
        """Beside what they typed or pressed, whether or not the bot is a member there; else in a direct message.

        Without a workspace only what was typed or pressed brings an address to answer to.
        """
        try:
            await self._beside(workspace, origin, shown)
        except Unsure:  # they perhaps read it: not twice
            raise
        except SlackFailed:
            if workspace is None:
                raise
            await self.write(workspace, origin.user_id, shown)

    async def _beside(self, workspace: Workspace | None, origin: Origin, shown: Shown) -> None:
        fields = {**shown.fields, "response_type": "ephemeral", "replace_original": False}
        if origin.response_url:
            await self._response_urls.answer(origin.response_url, **fields)
        elif workspace is not None and origin.channel_id:
            await workspace.api.aside(
                "chat.postEphemeral",
                channel=origin.channel_id,
                user=origin.user_id,
                thread_ts=origin.thread_ts or None,
                **shown.fields,
            )
        elif workspace is not None:
            await self.write(workspace, origin.user_id, shown)

    async def write(self, workspace: Workspace, user_id: str, shown: Shown) -> str:
        """In a direct message; returns its channel."""
        opened = await workspace.api.call("conversations.open", users=user_id)
        channel = str(opened["channel"]["id"])
        await workspace.api.aside(
            "chat.postMessage", channel=channel, unfurl_links=False, unfurl_media=False, **shown.fields
        )
        return channel

    async def replace(self, workspace: Workspace, origin: Origin, shown: Shown) -> None:
        """In the place of the message that was pressed."""
        if origin.response_url:
            await self._response_urls.answer(origin.response_url, **shown.fields, replace_original=True)
            return
        await workspace.api.call("chat.update", channel=origin.channel_id, ts=origin.ts, **shown.fields)
