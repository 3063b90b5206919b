"""The operator's routing rules, narrowed by what the team's policy allows an asker in a place. It never widens them."""

from dataclasses import replace

from core.policy import NONE, Ruling, Setting
from core.routing.rules import Rules


def rules_under(ruling: Ruling, rules: Rules) -> Rules:
    """The rules that hold on every hop of this ask."""
    return replace(
        rules,
        models=ruling.models,
        ask_max_nanos=ruling.amount(Setting.ASK),
        regions=_regions(rules.regions, ruling.regions),
        data_collection_allowed=rules.data_collection_allowed and ruling.data_collection_allowed,
        zdr=rules.zdr or ruling.zdr,
    )


def _regions(operators: tuple[str, ...], teams: tuple[str, ...]) -> tuple[str, ...]:
    """Those that both allow; empty allows any. Where they share none, none is left: a name that no region has."""
    if not operators or not teams:
        return operators or teams
    wanted = {region.casefold() for region in teams}
    return tuple(region for region in operators if region.casefold() in wanted) or (NONE,)
