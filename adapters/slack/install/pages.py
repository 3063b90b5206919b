"""Installing Chipin in a workspace by its own admins: two pages, /slack/install and /slack/oauth_redirect.

Slack sends whoever allowed it back with a code. It buys a token only for a workspace that the operator listed; of any
other nothing is kept, and the app is taken out of it again.
"""

import html
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode, urljoin

import structlog
from aiohttp import web
from slack_sdk.oauth import AuthorizeUrlGenerator

from adapters.slack.api import Rejected, SlackApi, SlackFailed
from adapters.slack.install.installations import STATE_SECONDS, Installations, Installed
from adapters.slack.manifest import INSTALL_PATH, scopes
from adapters.slack.workspaces import PLATFORM
from core.errors import BooksFailed
from core.operator_lists import LetIn, OperatorLists
from core.people import Identity

COOKIE = "chipin-slack-install"
AGAIN = f'<a href="{INSTALL_PATH}">Start again</a>.'
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
</head><body><h1>{title}</h1><p>{text}</p></body></html>
"""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address of the page has the code in it
    "X-Content-Type-Options": "nosniff",
}

_log = structlog.get_logger(__name__)
WhenInstalled = Callable[[Installed], Awaitable[None]]


class InstallPages:
    """The two pages."""

    def __init__(
        self,
        installations: Installations,
        listed: OperatorLists,
        api: Callable[[str], SlackApi],
        when_installed: WhenInstalled,
        *,
        api_url: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str = "",
    ) -> None:
        """`api` makes the way to call Slack with a token, "" for none.

        `redirect_uri`: where Slack sends people back to, where the app has several.
        """
        self._installations = installations
        self._listed = listed
        self._api = api
        self._when_installed = when_installed
        self._client_id, self._client_secret = client_id, client_secret
        self._redirect_uri = redirect_uri
        self._authorize = AuthorizeUrlGenerator(
            client_id=client_id, scopes=scopes(), authorization_url=urljoin(api_url, "/oauth/v2/authorize")
        )

    async def install(self, _: web.Request) -> web.Response:
        """On to Slack, where the installation is allowed."""
        try:
            state = await self._installations.begin()
        except BooksFailed:
            return _page(503, "Not now", "Chipin cannot reach its database. Try again in a minute.")
        to = self._authorize.generate(state)
        if self._redirect_uri:
            to = f"{to}&{urlencode({'redirect_uri': self._redirect_uri})}"
        response = web.Response(status=302, headers={**_HEADERS, "Location": to})
        secure = not self._redirect_uri.startswith("http:")
        response.set_cookie(
            COOKIE, state, max_age=STATE_SECONDS, path="/slack", secure=secure, httponly=True, samesite="Lax"
        )
        return response

    async def redirect(self, request: web.Request) -> web.Response:
        """Back from Slack."""
        response = await self._redirected(request)
        response.del_cookie(COOKIE, path="/slack")
        return response

    async def _redirected(self, request: web.Request) -> web.Response:
        state, code = request.query.get("state", ""), request.query.get("code", "")
        # The browser that comes back must be the one that began: nobody else's code is taken.
        same = secrets.compare_digest(state.encode(), request.cookies.get(COOKIE, "").encode())
        if not state or not same or not await self._installations.take(state):
            return _page(400, "Not installed", f"This page is too old, or was opened before. {AGAIN}")
        if not code:
            return _page(400, "Not installed", f"Slack says that it was not allowed. Nothing was changed. {AGAIN}")
        try:
            return await self._installed(code)
        except BooksFailed:
            return _page(503, "Not installed", f"Chipin cannot reach its database. {AGAIN}")
        except Rejected as said:
            _log.warning("slack_install_refused", why=said.code)
            return _page(400, "Not installed", f"Slack did not confirm it ({html.escape(said.code)}). {AGAIN}")
        except (SlackFailed, KeyError, ValueError) as failed:
            _log.warning("slack_install_failed", kind=type(failed).__name__)
            return _page(502, "Not installed", f"Slack did not confirm it. {AGAIN}")

    async def _installed(self, code: str) -> web.Response:
        said = await self._api("").call(
            "oauth.v2.access",
            client_id=self._client_id,
            client_secret=self._client_secret,
            code=code,
            redirect_uri=self._redirect_uri or None,
        )
        team, token = said.get("team") or {}, said["access_token"]
        if said.get("is_enterprise_install") or not team.get("id"):
            await self._give_back(token)
            return _page(400, "Not installed", f"Choose one workspace, not the whole organization. {AGAIN}")
        identity = Identity(PLATFORM, team["id"], said["authed_user"]["id"], "")
        if not self._listed.lets_in(identity, LetIn.ONLY_IF_LISTED):
            await self._give_back(token)
            return _page(403, "This workspace is not listed", _not_listed(identity.workspace))
        tested = await self._api(token).call("auth.test")
        installed = Installed(
            team_id=team["id"],
            name=team.get("name", ""),
            bot_user_id=said["bot_user_id"],
            bot_id=tested.get("bot_id", ""),
            token=token,
            enterprise_id=(said.get("enterprise") or {}).get("id", ""),
            installer=identity.user,
        )
        await self._installations.save(installed, app_id=said["app_id"], scopes=said.get("scope", ""))
        await self._when_installed(installed)
        return _page(
            200,
            "Chipin is installed",
            f"It is in {html.escape(installed.name or installed.team_id)} now, and writes to you there what to do "
            f'next. <a href="https://slack.com/app_redirect?{urlencode({"app": said["app_id"], "team": team["id"]})}">'
            "Open Slack</a>.",
        )

    async def _give_back(self, token: str) -> None:
        """Take the app out of the workspace again: nothing is kept of it here either way."""
        try:
            await self._api(token).call("apps.uninstall", client_id=self._client_id, client_secret=self._client_secret)
        except SlackFailed as failed:
            _log.warning("slack_app_not_taken_out", kind=type(failed).__name__)


def _not_listed(team_id: str) -> str:
    return (
        f"Whoever runs this Chipin has not let your workspace in. Ask them to add {PLATFORM}:{html.escape(team_id)} to "
        f"TEAMS, then install it again. Nothing was kept of your workspace, and nothing can be charged to anybody. "
        f"{AGAIN}"
    )


def _page(status: int, title: str, text: str) -> web.Response:
    return web.Response(
        status=status, text=_PAGE.format(title=title, text=text), content_type="text/html", headers=_HEADERS
    )
