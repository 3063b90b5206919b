""" "Ask about this", in the menu of every message: a form with a question, asked together with that message."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.asking import Asked, Asking
from adapters.slack.conversation.files import Files, attached_to
from adapters.slack.conversation.said import plain_text
from adapters.slack.conversation.threads import Threads, text_of_answer
from adapters.slack.listeners.desk import Desk, Visit
from adapters.slack.listeners.modals import open_form
from adapters.slack.listeners.questions import Questions
from adapters.slack.origin import Origin, of_interaction
from adapters.slack.people import People
from adapters.slack.table import HERE
from adapters.slack.views.shortcuts import ABOUT_FORM, QUESTION, About, about_form, sent_about
from adapters.slack.views.shown import Shown
from adapters.slack.workspaces import Workspace
from core.attached import Attached, quoted_message
from core.call import TextPart
from core.question import Gathered
from core.tags import tag_in

ASK_ABOUT = "ask_about_this"
CUT = "Left out: the end of the message that was asked about; Chipin may not read it here."


class Shortcuts:
    """Listens to them, and to the form that they open."""

    def __init__(
        self, desk: Desk, questions: Questions, asking: Asking, *, people: People, threads: Threads, files: Files
    ) -> None:
        self._desk = desk
        self._questions = questions
        self._asking = asking
        self._people = people
        self._threads = threads
        self._files = files

    def register(self, app: AsyncApp) -> None:
        """Name what is listened to."""
        app.message_shortcut(ASK_ABOUT)(self.ask_about)
        app.view(ABOUT_FORM)(self.sent)

    async def ask_about(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Somebody chose it on a message."""
        await ack()
        origin, message = of_interaction(body), body.get("message")
        about = self._about(origin, message if isinstance(message, Mapping) else {})
        self._desk.serve(origin, f"slack shortcut {origin.team_id} {origin.trigger_id}", partial(self._open, about))

    async def sent(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """The form was sent."""
        sent = sent_about(body["view"])
        if not sent.question.strip() or sent.about is None:
            await ack(response_action="errors", errors={QUESTION: "Type a question."})
            return
        await ack()
        about = sent.about
        origin = replace(of_interaction(body), channel_id=about.channel_id, response_url=about.response_url)
        public = origin.is_direct or sent.where == HERE
        key = f"slack view {origin.team_id} {sent.view_id}"
        origin = replace(origin, ts="", thread_ts=about.thread if public else "")

        async def ask(visit: Visit) -> None:
            await self._people.meet(visit.workspace, about.by_user)
            self._asking.start(self._asked(visit.origin, about, sent.question, key, public=public))

        self._desk.serve(origin, key, ask)

    def _about(self, origin: Origin, message: Mapping[str, Any]) -> About:
        user = str(message.get("user") or "")
        text = str(message.get("text") or "") or text_of_answer(message)
        return About(
            channel_id=origin.channel_id,
            ts=origin.ts,
            thread_ts=origin.thread_ts,
            by_user=user,
            by_name=self._people.name(origin.team_id, user) or str(message.get("username") or ""),
            text=plain_text(text, self._people.names_in(origin.team_id)),
            files=tuple(file.id for file in attached_to(message)),
            response_url=origin.response_url,
        )

    async def _open(self, about: About, visit: Visit) -> Shown | None:
        where = "" if visit.origin.is_direct else await self._questions.place_of_answers(visit)
        return await open_form(visit, about_form(visit.origin, about, where=where))

    def _asked(self, origin: Origin, about: About, question: str, key: str, *, public: bool) -> Asked:
        """The message goes along as a part of the question: it is what the question is about, and is never left out."""
        is_whole = not about.is_cut
        message = self._quoted(origin.team_id, about, about.text) if is_whole and about.text else ""
        return Asked(
            origin,
            keys=(key,),
            text=question,
            parts=(TextPart(question + message),),
            private=not public,
            quoted=public,
            tag=tag_in(question),
            gather=None if is_whole and not about.files else partial(self._gathered, origin.team_id, about),
        )

    async def _gathered(self, team_id: str, about: About, workspace: Workspace) -> Gathered:
        parts, left_out = await self._files.parts(workspace, [Attached(id=file) for file in about.files], words=True)
        if not about.is_cut:
            return Gathered(parts, left_out=left_out)
        message = await self._threads.message(workspace, about.channel_id, about.ts, about.thread)
        text = about.text
        if message is None:
            left_out = f"{left_out} {CUT}".strip()
        else:
            text = plain_text(str(message.get("text") or ""), self._people.names_in(team_id)) or text
        return Gathered((TextPart(self._quoted(team_id, about, text)), *parts), left_out=left_out)

    def _quoted(self, team_id: str, about: About, text: str) -> str:
        who = self._people.name(team_id, about.by_user) or about.by_name or "somebody"
        return quoted_message(text, who)
