"""Names, put in at the moment of showing: what is written down names people by their ids, in angle brackets.

A name stands in one place of the books. Who is forgotten has none there any more, and then nowhere.
"""

import re
from collections.abc import Mapping

from core.people import CHIPIN, OPERATOR

SOMEBODY = "somebody who left"
"""Who is forgotten, and who was never known here."""
_BY_ROLE = {OPERATOR: "the operator", CHIPIN: "Chipin", "": SOMEBODY}
_NAMED = re.compile(r"<(mbr_[0-9A-Za-z_]{1,64})>")


def person(member_id: str) -> str:
    """A member as words that are kept name them."""
    return f"<{member_id}>"


def named_in(words: str) -> tuple[str, ...]:
    """The ids of whom these words name, each once."""
    return tuple(dict.fromkeys(_NAMED.findall(words)))


def with_names(words: str, names: Mapping[str, str]) -> str:
    """The same words as people read them; `names` are by id (`core.ports.People.names`)."""
    return _NAMED.sub(lambda found: name_of(found[1], names), words)


def name_of(actor: str, names: Mapping[str, str]) -> str:
    """Who did something, as people read it: a member by their name, the operator and Chipin as such."""
    return _BY_ROLE.get(actor) or names.get(actor) or SOMEBODY
