"""Notices for admins, in a line each."""

from datetime import date

from core.models import Model
from core.money import format_price, format_usd
from core.text.budget_requests import reason_given
from core.text.wording import day_in_words

MODELS_FILE_MENDED = "The file with models of your own (MODELS_FILE) is in order again, and its models can be asked."


def model_gone(model: Model) -> str:
    """Its provider does not know it any more."""
    provider = model.provider_title or model.provider
    return (
        f'{model.title} is not offered any more: {provider} says that it has no model "{model.wire_name}". '
        "Nothing was charged for that. If it should be there, whoever runs Chipin has to look."
    )


def models_file_broken(trouble: str) -> str:
    """`trouble` names the place."""
    return (
        "The file with models of your own (MODELS_FILE) cannot be used. None of the models that it names can be asked "
        f"until it is mended: {trouble}"
    )


def price_changed(model: Model, was_nanos: int, now_nanos: int, since: date) -> str:
    """What a typical question costs by now; empty where people would read the same price twice."""
    was, now = format_price(was_nanos), format_price(now_nanos)
    if was == now:
        return ""
    if was.endswith(" cents") and now.endswith(" cents"):
        was = was.removesuffix(" cents")
    costs = "is free" if now_nanos == 0 else f"costs {now}"
    return f"{model.title}: a typical question now {costs} instead of {was}, from {day_in_words(since)}."


def given_back(nanos: int, reason: str) -> str:
    """The operator gave back what an ask had cost."""
    return f"Whoever runs Chipin gave back {format_price(nanos)} that an ask had cost: {reason}"


def announced(by: str, reason: str, *, amount_nanos: int, before_nanos: int, after_nanos: int) -> str:
    """What a top-up did, for the whole team. `by` is who recorded it, as words that are kept name people."""
    why = f" {reason_given(reason)}" if reason else ""
    before, after = format_usd(before_nanos), format_usd(after_nanos)
    return f"{by} recorded {format_usd(amount_nanos)} of budget for the team: {before} -> {after}.{why}"


def meant_for(workspace: str) -> str:
    """Of what belongs to that workspace ("slack:T1"), and is told in another."""
    platform = workspace.partition(":")[0].title()
    return f"This was meant for a channel on {platform}, where Chipin could not tell it."
