"""What a process leaves when it dies with money held, without a process: it takes the hold and goes no further."""

from core.asking.hold import Attempt
from core.operations import Claim, Claimed, Held, Hold
from core.quota import Limit, Scope
from tests.end_to_end.house import PLACE, House


async def die_with_a_hold(house: House, key: str) -> Attempt:
    """Claim a question and hold money for it as an ask does, and do nothing more: its process was killed."""
    team, plan = house.anna.team, await house.plan()
    claim = Claim(
        id="claim-of-the-dead",
        wallet_id=team.wallet_id,
        ask_id="ask-of-the-dead",
        team_id=team.id,
        member_id=house.anna.id,
        keys=(house.asks._ports.vault.digest(key),),
        platform=PLACE.platform,
        workspace=PLACE.workspace,
        channel=PLACE.channel,
        thread=PLACE.thread,
        lease_seconds=house.app.settings.hold_ttl_seconds,
    )
    claimed = await house.app.store.books.apply(claim)
    assert isinstance(claimed, Claimed)
    attempt = Attempt(claimed.ask_id, claimed.attempt, house.anna)
    held = await house.app.store.books.apply(
        Hold(
            id=attempt.operation_id("hold"),
            wallet_id=team.wallet_id,
            ask_id=attempt.ask_id,
            attempt=attempt.number,
            amount_nanos=plan.at_most_nanos,
            min_nanos=plan.at_most_nanos,
            limits=(Limit(Scope.MEMBER_IN_FLIGHT, house.anna.id, "", 3),),
            provider="openai",
            model=plan.call.model.id,
            ttl_seconds=house.app.settings.hold_ttl_seconds,
            at_ms=int(house.app.clock.now().timestamp() * 1000),
        )
    )
    assert isinstance(held, Held)
    return attempt


def later(house: House, *, seconds: int) -> None:
    """Move the database's clock to so long after a hold's time is up."""
    house.app.store.driver.clock_offset_ms = (house.app.settings.hold_ttl_seconds + seconds) * 1_000
