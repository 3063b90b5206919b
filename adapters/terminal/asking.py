"""Asking at the terminal: /ask, /yes, /stop and /details."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from uuid import uuid4

from adapters.terminal.answer import AnswerView
from adapters.terminal.commands import starting_with
from adapters.terminal.people import PLATFORM, People, Session
from adapters.terminal.screen import Screen, Suggestions
from core.asks import RunningAsk
from core.call import TextPart
from core.errors import BadInput, BooksFailed
from core.events import AlreadyAsked, AskEvent, Finished, NeedsConfirmation, Refused
from core.models import AUTO
from core.people import Place
from core.question import Question
from core.text import wording
from core.text.neutralise import for_terminal
from core.text.receipts import detail_lines
from core.use_cases import UseCases

SILENCE_SECONDS = 1.0
"""After this long without a word "thinking..." is shown."""

STOP = "/stop"
_MODEL_OPTION = "--model"


class Leave(Exception):
    """The person wants to leave, and every book is closed."""


class AskDesk:
    """Takes questions of whoever speaks, one at a time."""

    def __init__(self, use_cases: UseCases, screen: Screen, people: People, session: Session) -> None:
        self._asks = use_cases.asks
        self._catalogue = use_cases.catalogue
        self._screen = screen
        self._people = people
        self._place = Place(PLATFORM, session.workspace, "chat")

    async def ask(self, typed: str) -> None:
        """Ask, with `--model NAME` in front or without."""
        model, text = split_model(typed)
        await self._ask(text, for_terminal(model))

    def choices(self, typed: str) -> Suggestions:
        """The option, then the models it takes."""
        first, space, rest = typed.partition(" ")
        if not space:
            return starting_with(first, [_MODEL_OPTION]) if first else Suggestions()
        if first != _MODEL_OPTION or " " in rest:
            return Suggestions()
        return starting_with(rest, [AUTO, *(model.id for model in self._catalogue.models)])

    async def yes(self, _: str) -> None:
        """Do what was waiting for the speaker's agreement, once."""
        agree, self._people.current.agree = self._people.current.agree, None
        if agree is None:
            raise BadInput("There is nothing to agree to.")
        await agree()

    async def again(self, _: str) -> None:
        """Ask what was interrupted once more, the oldest first."""
        if not self._people.current.interrupted:
            raise BadInput("No question of yours was interrupted.")
        await self._ask("", AUTO, resumes=self._people.current.interrupted.pop(0))

    async def stop(self, _: str) -> None:
        """Stop what the speaker has running; an answer on this screen is stopped while it streams."""
        stopped = self._asks.stop_mine(await self._people.member())
        done = f"Stopped {wording.count_of(stopped, 'ask')}." if stopped else "Nothing of yours is running."
        self._screen.write(f"{done}\n")

    async def details(self, _: str) -> None:
        """What is behind the speaker's last receipt."""
        receipt = self._people.current.last
        if receipt is None:
            raise BadInput("There is no answer of yours yet in this session. Ask something first.")
        for line in detail_lines(receipt):
            self._screen.write(f"{line}\n")

    async def _ask(self, text: str, model: str, resumes: str = "") -> None:
        person, member = self._people.current, await self._people.member()
        person.agree = None
        question = Question(
            member=member,
            place=self._place,
            parts=(TextPart(text),),
            keys=(f"{PLATFORM}:{self._place.workspace}:{uuid4().hex}",),
            model=model,
            resumes=resumes,
        )
        view = AnswerView(self._screen)
        async with self._asks.start(question) as running:
            interrupts = _Interrupts(running)
            with self._screen.listening(interrupts.pressed, interrupts.typed):
                async for event in self._heard(running, view):
                    view.show(event)
        await self._delivered(running)
        match view.last:
            case NeedsConfirmation(press=press):
                person.agree = partial(self._ask, text, model, press)
            case Finished(receipt=receipt):
                person.last = receipt
            case Refused() | AlreadyAsked():
                pass
            case _:
                view.line("This ended without a receipt. /balance shows what was charged, if anything.")
        if interrupts.leave:
            raise Leave

    async def _heard(self, running: RunningAsk, view: AnswerView) -> AsyncIterator[AskEvent]:
        """The events as they come; a long silence before the first word is filled."""
        events = aiter(running)
        while True:
            coming = asyncio.ensure_future(_next(events))
            try:
                await asyncio.wait({coming}, timeout=SILENCE_SECONDS)
                if not coming.done() and not view.has_text:
                    self._screen.thinking()
                event = await coming
            finally:
                coming.cancel()
            if event is None:
                return
            yield event

    async def _delivered(self, running: RunningAsk) -> None:
        try:
            await running.delivered()
        except BooksFailed:
            return  # it is on the screen: shown once more when the books are back, rather than never


class _Interrupts:
    """Ctrl-C and /stop while an answer runs: the first stops it, a second Ctrl-C leaves when its books are closed."""

    def __init__(self, running: RunningAsk) -> None:
        self._running = running
        self._stopping = False
        self.leave = False

    def pressed(self) -> None:
        """Ctrl-C."""
        self.leave = self._stopping
        self._stop()

    def typed(self, line: str) -> bool:
        """Whether the line was a stop."""
        if line.strip().casefold() != STOP:
            return False
        self._stop()
        return True

    def _stop(self) -> None:
        self._stopping = True
        self._running.stop()


def split_model(typed: str) -> tuple[str, str]:
    """The model that `--model NAME` in front of a question names ("auto" without it), and the question."""
    first, *rest = typed.split(maxsplit=1) or [""]
    if first.startswith(f"{_MODEL_OPTION}="):
        return first.removeprefix(f"{_MODEL_OPTION}=") or AUTO, rest[0] if rest else ""
    if first != _MODEL_OPTION:
        return AUTO, typed
    name, *text = rest[0].split(maxsplit=1) if rest else [AUTO]
    return name, text[0] if text else ""


async def _next(events: AsyncIterator[AskEvent]) -> AskEvent | None:
    return await anext(events, None)
