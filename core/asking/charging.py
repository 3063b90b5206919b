"""What is charged: from what is known of a call to the lines of its receipt. No money moves here.

Text was delivered                      usage times price
  ... and the usage is missing or absurd  an estimate: the input and the counted text, said to be one
No text was delivered                   nothing; what the provider takes for it is the operator's
"""

from core.asking.calling import CallResult, EndedBy
from core.call import StopReason
from core.errors import ProviderFailed
from core.estimate import PlannedCall
from core.events import Ending
from core.ports import TokenCounter
from core.prices import Usage, cost
from core.receipt import PricedLine


def ending_of(result: CallResult) -> Ending:
    """How the ask ended, in the words of its events."""
    delivered = result.answered
    if result.ended_by is EndedBy.STOP:
        return Ending.STOPPED
    if result.ended_by is EndedBy.DEADLINE:
        return Ending.TIMED_OUT
    if result.failure is not None or (result.stop_reason is None and result.ended_by is not EndedBy.CAP):
        return Ending.BROKEN if delivered else Ending.FAILED
    if result.stop_reason is StopReason.DECLINED:
        return Ending.DECLINED
    if result.ended_by is EndedBy.CAP or (result.stop_reason is StopReason.CAP and delivered):
        return Ending.CUT
    return Ending.ANSWERED if delivered else Ending.EMPTY


async def charged_lines(planned: PlannedCall, result: CallResult, counter: TokenCounter) -> tuple[PricedLine, ...]:
    """The receipt's line for one call; none when the provider takes nothing for it."""
    if not result.sent:
        return ()
    text = result.text
    usage, estimated = believable(result.usage, planned, text), False
    if usage is None and (text or may_have_billed(result)):
        output = await counter.count(text, planned.call.model.tokenizer)
        usage, estimated = Usage(planned.input_expected_tokens, output_tokens=output.expected), True
    if usage is None:
        return ()
    cost_nanos = cost(usage, planned.price)
    model = planned.call.model
    return (
        PricedLine(
            provider=model.provider,
            model=model.id,
            usage=usage,
            cost_nanos=cost_nanos,
            # Beyond what was held for this very call it is the operator's, also where another call is held for too.
            charged_nanos=min(cost_nanos, planned.at_most_nanos) if result.answered else 0,
            estimated=estimated,
            reported_nanos=result.reported_nanos,
        ),
    )


def believable(usage: Usage | None, planned: PlannedCall, text: str) -> Usage | None:
    """The usage, or None when it cannot be true: zero beside text, beyond the context or beyond the cap."""
    if usage is None:
        return None
    call = planned.call
    if text and (usage.all_input_tokens == 0 or usage.all_output_tokens == 0):
        return None
    if usage.all_output_tokens > planned.most_output_tokens:
        return None
    if usage.all_input_tokens + usage.all_output_tokens > call.model.context_window_tokens:
        return None
    return usage


def may_have_billed(result: CallResult) -> bool:
    """Whether a provider may take money for a call that gave no text and no usage that can be true."""
    failure: ProviderFailed | None = result.failure
    if result.ended_by is not EndedBy.PROVIDER:
        return True
    if failure is not None:
        return failure.may_have_billed
    return result.stop_reason in (StopReason.END, StopReason.CAP)  # it worked, and came to its end without a word
