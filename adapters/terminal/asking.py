"""Asking at the terminal: /ask and /price, and everything that can be pressed after them."""

import asyncio
from dataclasses import replace
from functools import partial
from uuid import uuid4

from adapters.terminal.answer import ALL, AnswerView
from adapters.terminal.completion import starting_with
from adapters.terminal.listening import show
from adapters.terminal.options import IMAGE, options_for, read_picture, split_options
from adapters.terminal.people import PLATFORM, Act, Answered, Offer, People, Person, Session, new_conversation
from adapters.terminal.screen import Screen, Suggestions
from core.call import Part, TextPart
from core.commands.options import MODEL, tag_of
from core.conversation import Turn
from core.errors import BadInput
from core.events import AlreadyAsked, Finished, NeedsCare, NeedsConfirmation, Quoted, Refused
from core.models import AUTO
from core.pictures import not_too_many
from core.question import Question, Secrets
from core.quote import Quote
from core.secrets import masked_parts
from core.text import wording
from core.text.neutralise import for_terminal
from core.use_cases import UseCases


class Leave(Exception):
    """The person wants to leave, and every book is closed."""


class AskDesk:
    """Takes questions of whoever speaks, one at a time."""

    def __init__(self, use_cases: UseCases, screen: Screen, people: People, session: Session) -> None:
        self._asks = use_cases.asks
        self._catalogue = use_cases.catalogue
        self._screen = screen
        self._people = people
        self._workspace = session.workspace

    async def ask(self, typed: str) -> None:
        """Ask, with `--model NAME`, `--tag NAME` and `--image FILE` in front or without."""
        options = split_options(typed)
        tag = tag_of(options.tag, options.text)
        question = await self._question(options.text, options.images)
        await self._run(replace(question, model=for_terminal(options.model), tag=tag))

    async def price(self, typed: str) -> None:
        """Say what a question would cost, and ask nothing yet."""
        first, *rest = typed.split(maxsplit=1) or [""]
        everything = first == ALL
        options = split_options((rest[0] if rest else "") if everything else typed)
        if options.model != AUTO:
            raise BadInput(f"/price shows what every model would cost: leave {MODEL} out. {wording.NOT_CHARGED}")
        tag = tag_of(options.tag, options.text)
        question = await self._question(options.text, options.images)
        await self._run(replace(question, quote_only=True, tag=tag), everything=everything)

    def choices(self, typed: str) -> Suggestions:
        """The options, then what they take."""
        return options_for(typed, (model.id for model in self._catalogue.models))

    def price_choices(self, typed: str) -> Suggestions:
        """The same, and all of them."""
        if " " not in typed:
            return starting_with(typed, [ALL, IMAGE]) if typed else Suggestions()
        return options_for(typed.removeprefix(f"{ALL} "), ())

    async def yes(self, typed: str) -> None:
        """Do what was waiting for the speaker's agreement, once; of several choices the one with that number."""
        offer = self._people.current.offer
        if offer is None:
            raise BadInput("There is nothing to agree to.")
        await self._take(_numbered(offer, typed) if typed else offer.agree)

    def numbers(self, typed: str) -> Suggestions:
        """The numbers that may be chosen."""
        offer = self._people.current.offer
        return starting_with(typed, map(str, range(1, 1 + len(offer.numbered)))) if offer else Suggestions()

    async def cheaper(self, _: str) -> None:
        """Take the cheaper choice beside what was waiting for agreement."""
        offer = self._people.current.offer
        if offer is None or offer.cheaper is None:
            raise BadInput("There is no cheaper choice to take.")
        await self._take(offer.cheaper)

    async def remove(self, _: str) -> None:
        """Ask without what looks like a secret in the question."""
        offer = self._people.current.offer
        if offer is None or offer.remove is None:
            raise BadInput("No question of yours waits with a secret in it.")
        await self._take(offer.remove)

    async def send(self, _: str) -> None:
        """Send the question as it is, with what looks like a secret in it."""
        offer = self._people.current.offer
        if offer is None or offer.remove is None:
            raise BadInput("No question of yours waits with a secret in it.")
        if offer.send is None:
            raise BadInput(
                f"Your team's rules do not let it be sent as it is: /remove asks without it. {wording.NOT_CHARGED}"
            )
        await self._take(offer.send)

    async def better(self, _: str) -> None:
        """Ask the last answer's question again, on the next better model, at the price that was shown."""
        answered = self._people.current.answered
        if answered is None:
            raise BadInput("There is no answer of yours yet in this session. Ask something first.")
        if answered.better is None:
            raise BadInput("There is no better model here for your last answer.")
        await answered.better()

    async def again(self, _: str) -> None:
        """Ask once more what got no answer: the last question that failed, else what was interrupted, oldest first."""
        person = self._people.current
        again, person.again = person.again, None
        if again is not None:
            await again()
        elif person.interrupted:
            await self._run(replace(await self._question("", ()), history=(), resumes=person.interrupted.pop(0)))
        else:
            raise BadInput("No question of yours waits to be asked again.")

    async def run_now(self, _: str) -> None:
        """Run what could not be asked before there was more; without such a thing what got no answer."""
        person = self._people.current
        if not person.granted:
            await self.again("")
            return
        await self._run(replace(await self._question("", ()), history=(), resumes=person.granted.pop(0)))

    async def new(self, _: str) -> None:
        """Begin a new conversation."""
        self._people.current.conversation = new_conversation()
        self._screen.write("A new conversation: what was said before does not go along with your next question.\n")

    async def _question(self, text: str, images: tuple[str, ...]) -> Question:
        """A question of the speaker's, with the pictures from these files and the conversation so far."""
        try:
            not_too_many(len(images))
            pictures: list[Part] = [await asyncio.to_thread(read_picture, name) for name in images]
        except BadInput as bad:
            raise BadInput(f"{bad} {wording.NOT_CHARGED}") from bad
        conversation = self._people.current.conversation
        return Question(
            member=await self._people.member(),
            place=self._people.place,
            parts=(*pictures, TextPart(text)),
            keys=(),
            history=conversation.history,
        )

    async def _take(self, act: Act) -> None:
        self._people.current.offer = None
        await act()

    async def _press(
        self, question: Question, press: str, model: str = AUTO, nanos: int = 0, *, betters: str = ""
    ) -> None:
        """Press what was shown: `question` runs as it was kept, with the model and at the price that was pressed."""
        pressed = replace(
            question, resumes=press, improves="", model=model, pressed_nanos=nanos, quote_only=False, keys=()
        )
        await self._run(pressed, betters=betters)

    async def _run(self, question: Question, *, betters: str = "", everything: bool = False) -> None:
        """Run one question on the screen, and remember what can be pressed then. `betters`: the ask it is to better."""
        person = self._people.current
        keys = (f"{PLATFORM}:{self._workspace}:{uuid4().hex}",)
        question = replace(question, member=await self._people.member(), keys=keys)
        person.offer = None
        person.again = person.again if question.quote_only else None
        view = AnswerView(self._screen, all_prices=everything)
        leave = await show(self._asks.start(question), view, self._screen)
        match view.last:
            case Quoted(press=press, recommended=recommended):
                person.offer = self._quoted(question, press, recommended, view.quotes)
            case NeedsConfirmation(press=press, at_most_nanos=nanos, cheaper=cheaper):
                pressing = partial(self._press, question, press, betters=betters)
                less = partial(pressing, cheaper.model_id, cheaper.at_most_nanos) if cheaper is not None else None
                person.offer = Offer(partial(pressing, AUTO, nanos), less)
            case NeedsCare(press=press, may_send=may_send):
                person.offer = self._careful(question, press, betters, may_send=may_send)
            case Finished(again=again) as finished:
                person.again = partial(self._press, question, again, betters=betters) if again else None
                self._remember(person, question, finished, view.text, betters)
            case Refused(again=again, cheaper=cheaper):
                pressing = partial(self._press, question, again, betters=betters)
                person.again = pressing if again else None
                if cheaper is not None:
                    less = partial(pressing, cheaper.model_id, cheaper.at_most_nanos)
                    person.offer = Offer(less, less)
            case AlreadyAsked():
                pass
            case _:
                view.line("This ended without a receipt. /balance shows what was charged, if anything.")
        if leave:
            raise Leave

    def _careful(self, question: Question, press: str, betters: str, *, may_send: bool) -> Offer:
        """Without the secret also from here on: what goes along with later questions is what was sent."""
        without = replace(question, parts=masked_parts(question.parts), secrets=Secrets.REMOVE)
        remove = partial(self._press, without, press, betters=betters)
        send = partial(self._press, replace(question, secrets=Secrets.SEND), press, betters=betters)
        return Offer(remove, remove=remove, send=send if may_send else None)

    def _quoted(self, question: Question, press: str, recommended: Quote, shown: tuple[Quote, ...]) -> Offer:
        pressing = partial(self._press, question, press)
        return Offer(
            partial(pressing, recommended.model_id, recommended.at_most_nanos),
            numbered=tuple(partial(pressing, quote.model_id, quote.at_most_nanos) for quote in shown),
        )

    def _remember(self, person: Person, question: Question, end: Finished, text: str, betters: str) -> None:
        """The receipt for /details; of an answer the turn, and what can be done about it."""
        person.receipt_of = end.receipt.ask_id
        if not text.strip():
            return
        ask_id, better = end.receipt.ask_id, end.better
        if question.text.strip():  # what was interrupted in another session is known to the books only
            turn = Turn(ask_id, question.parts, text)
            person.conversation = person.conversation.with_turn(turn, in_place_of=betters)
        if better is None:
            person.answered = Answered(ask_id)
            return
        asked_better = replace(
            question,
            resumes="",
            secrets=Secrets.NOT_SAID,
            improves=ask_id,
            model=better.model_id,
            pressed_nanos=better.at_most_nanos,
            quote_only=False,
            keys=(),
        )
        person.answered = Answered(ask_id, partial(self._run, asked_better, betters=ask_id))


def _numbered(offer: Offer, typed: str) -> Act:
    """The choice with the number that was typed."""
    if not offer.numbered:
        raise BadInput("There are no numbers to choose from: /yes alone agrees.")
    numbers = {str(number): act for number, act in enumerate(offer.numbered, start=1)}
    if typed not in numbers:
        raise BadInput(f"Type a number from 1 to {len(numbers)}, like /yes {len(numbers)}. Nothing was asked.")
    return numbers[typed]
