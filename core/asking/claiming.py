"""The claim of one ask: a new question is taken, a pressed one is taken up again as it was kept."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from core.asking.hold import Attempt
from core.asking.insist import Insistence
from core.asking.kept import from_kept, to_keep
from core.errors import BooksUnavailable, BooksUncertain
from core.events import AlreadyAsked, Refused
from core.ids import new_id
from core.models import AUTO
from core.operations import AlreadyClaimed, Claim, Claimed
from core.operations import Refused as BooksRefused
from core.ports import Books, Clock, Requests, Vault
from core.question import Question, Secrets
from core.text import wording

LARGE_BYTES = 500_000
CERTAIN_WITHIN_SECONDS = 10.0
"""How long a claim that was perhaps written is sent again: a server that restarts is away for 2 to 10 seconds."""
GONE = f"That question is not here any more; ask it again. {wording.NOT_CHARGED}"


@dataclass(frozen=True, slots=True)
class Ours:
    """The question is ours to answer. `agreed_nanos` is the "at most" that was shown and pressed; 0 for none."""

    attempt: Attempt
    question: Question
    agreed_nanos: int = 0


@dataclass(frozen=True, slots=True)
class NotKept:
    """It is ours, but what was kept of it is gone."""

    attempt: Attempt


async def claim_ask(
    question: Question,
    *,
    books: Books,
    insist: Insistence,
    requests: Requests,
    vault: Vault,
    clock: Clock,
    lease_seconds: int,
) -> Ours | NotKept | AlreadyAsked | Refused:
    """Take the question by all its keys at once; what it improves is looked up first, and run as it was asked then."""
    if question.improves:
        try:
            kept = await _unsealed(await requests.kept_question(question.improves), question, vault)
            question = replace(kept, model=question.model)
        except ValueError:
            return Refused(GONE)
    claim = await _claim_of(question, clock.now(), vault, lease_seconds)
    match await _claimed(claim, books, insist):
        case Claimed() as claimed:
            attempt = Attempt(claimed.ask_id, claimed.attempt, question.member)
            question = replace(question, secrets=Secrets(claimed.secrets))
            return (
                await _taken_up(attempt, claimed, question, requests, vault)
                if question.resumes
                else Ours(attempt, question)
            )
        case AlreadyClaimed() as had:
            told = wording.already_asked(
                had.state, had.charged_nanos, interrupted=had.interrupted, delivered=had.delivered
            )
            return AlreadyAsked(had.ask_id, told)
        case _:
            return Refused(GONE)


async def _claim_of(question: Question, now: datetime, vault: Vault, lease_seconds: int) -> Claim:
    place, team = question.place, question.member.team
    return Claim(
        id=new_id("claim", now),
        wallet_id=team.wallet_id,
        ask_id=new_id("ask", now),
        team_id=team.id,
        member_id=question.member.id,
        keys=tuple(vault.digest(key) for key in _names_of(question)),
        platform=place.platform,
        workspace=place.workspace,
        channel=place.channel,
        thread=place.thread,
        lease_seconds=lease_seconds,
        resumes=question.resumes,
        improves=question.improves,
        secrets=question.secrets,
        tag=question.tag,
        sealed_question=await sealed(question, vault),
    )


async def _claimed(claim: Claim, books: Books, insist: Insistence) -> Claimed | AlreadyClaimed | BooksRefused:
    """Claim. Where it was perhaps written, only the same claim again tells: another copy would find it taken.

    Without that nobody would answer a question that its platform then believes to be claimed.
    """
    try:
        return await books.apply(claim)
    except BooksUncertain as lost:
        try:
            return await insist.apply(claim, for_seconds=CERTAIN_WITHIN_SECONDS, on_delay=lambda _: None)
        except BooksUnavailable:
            raise lost from None


async def sealed(question: Question, vault: Vault) -> bytes:
    """What is kept of a question. Pictures take a second, which nobody else's answer waits for."""

    def seal() -> bytes:
        return vault.seal(to_keep(question))

    large = question.images or any(message.images for message in question.history)
    return await asyncio.to_thread(seal) if large else seal()


async def _unsealed(sealed: bytes, pressed: Question, vault: Vault) -> Question:
    def unseal() -> Question:
        return from_kept(vault.unseal(sealed), pressed)

    return await asyncio.to_thread(unseal) if len(sealed) > LARGE_BYTES else unseal()


def _names_of(question: Question) -> tuple[str, ...]:
    """Every name it may come again by. An answer is bettered once by each model, however often that is pressed."""
    return (*question.keys, f"better\n{question.improves}\n{question.model}") if question.improves else question.keys


async def _taken_up(
    attempt: Attempt, claimed: Claimed, question: Question, requests: Requests, vault: Vault
) -> Ours | NotKept:
    """What was kept: those words, at most the price that was agreed to; whatever else came with the press.

    The model is the one that was pressed, among those whose prices were shown; without one, the one that was asked
    about, or that was asked for. What was interrupted or failed has no agreed price: it is shown again if it is dear.
    """
    try:
        kept = await _unsealed(await requests.kept_question(claimed.ask_id), question, vault)
    except ValueError:  # erased after its day, or sealed with a key that is gone
        return NotKept(attempt)
    if claimed.agreed_nanos:
        model = question.model if question.model != AUTO else claimed.agreed_model
    else:  # what stood in for a named model in vain is not what was asked for
        model = kept.model if kept.model != AUTO else claimed.agreed_model
        if question.model != AUTO:  # pressed beside a refusal: a model that still fits
            model = question.model
    return Ours(attempt, replace(kept, model=model or kept.model, quote_only=False), claimed.agreed_nanos)
