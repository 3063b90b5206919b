"""Experiments: a share of the conversations gets another model first, and each conversation stays where it is."""

import hashlib
from decimal import Decimal

from core.routing.rules import Rules

CONTROL = "control:"
_HASH_VALUES = 2**64


def pick_variant(rules: Rules, asked_for: str, conversation: str) -> tuple[str, str]:
    """The label and the model id of the variant that a conversation is in, among those of what was asked for.

    In none of them: the label "control:" with the name of the first, the group that all of them are compared with,
    and no model. Both are empty without an experiment. A share grows or shrinks at its edge only: a variant whose
    weight is raised keeps the conversations that it has.
    """
    running = [variant for variant in rules.variants if variant.of == asked_for and rules.variants_on]
    left_percent = Decimal(100)
    for variant in running:
        # Of those that no earlier variant took: so each gets its own percentage of all.
        if left_percent > 0 and _draw(variant.name, conversation) * left_percent < variant.weight_percent:
            return variant.name, variant.model
        left_percent -= variant.weight_percent
    return (f"{CONTROL}{running[0].name}", "") if running else ("", "")


def _draw(name: str, conversation: str) -> Decimal:
    """A number from 0 up to 1 that a name and a conversation always have in common, in every process and release."""
    digest = hashlib.sha256(f"{name}\n{conversation}".encode("utf-8", "surrogatepass")).digest()
    return Decimal(int.from_bytes(digest[:8], "big")) / _HASH_VALUES
