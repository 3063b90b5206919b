"""Who may not ask reads why, and who can change it; nothing is charged."""

import pytest

from core.operations import Reason, Refused
from core.people import OPERATOR, Asker, Standing
from core.quota import SetBy
from core.text.refusals import may_not

MEMBER = Asker()


@pytest.mark.parametrize(
    ("refused", "asker", "says"),
    [
        (
            Refused(reason=Reason.MAY_NOT_ASK),
            Asker(standing=Standing.GUEST),
            "Guests may not ask here until an admin lets them: /admin allow guests. Not charged.",
        ),
        (
            Refused(reason=Reason.MAY_NOT_ASK),
            MEMBER,
            "Only admins may ask here so far. An admin can let others: /admin allow @ROLE, or /admin allow everyone. "
            "Not charged.",
        ),
        (
            Refused(reason=Reason.MAY_NOT_ASK, set_by=SetBy("channel:slack:C1", "mbr_1")),
            MEMBER,
            "You may not ask here: Anna set that for this channel. An admin can change that with /admin allow. "
            "Not charged.",
        ),
        (
            Refused(reason=Reason.MAY_NOT_ASK, set_by=SetBy("guests", "mbr_gone")),
            Asker(standing=Standing.GUEST),
            "You may not ask here: an admin set that for guests. An admin can change that with /admin allow. "
            "Not charged.",
        ),
        (
            Refused(reason=Reason.MODEL_NOT_ALLOWED, set_by=SetBy("role:slack:S1", OPERATOR)),
            MEMBER,
            "You may not ask this model here: the operator set that for a role of yours. /models lists those that you "
            "may ask. Not charged.",
        ),
        (
            Refused(reason=Reason.FROZEN, set_by=SetBy("everyone", OPERATOR)),
            MEMBER,
            "Asking is paused for this team by whoever runs Chipin; only they can let it go on. Not charged.",
        ),
        (
            Refused(reason=Reason.MEMBER_FROZEN, set_by=SetBy("member:mbr_2")),
            MEMBER,
            "Asking is paused for you by an admin; ask them when it goes on. Not charged.",
        ),
        (
            Refused(reason=Reason.SUSPENDED),
            MEMBER,
            "You have left, says your platform, so you cannot ask. If that is wrong, an admin can let you ask again: "
            "/admin restore NAME. Not charged.",
        ),
        (
            Refused(reason=Reason.SUSPENDED),
            Asker(gone=True),
            "This account has left, says its platform, so it cannot ask. An account that is still there can. "
            "Not charged.",
        ),
    ],
)
def test_says_why_and_who_can_change_it(refused: Refused, asker: Asker, says: str) -> None:
    assert may_not(refused, asker, names={"mbr_1": "Anna"}) == says
