"""Who looks after a team, and who was let back in, in words."""

from collections.abc import Iterable

from core.people import AdminBecause, AdminChange, Member

_WHY = {
    AdminBecause.PLATFORM: "the platform says so",
    AdminBecause.LISTED: "whoever runs Chipin lists them",
    AdminBecause.MADE: "made one here",
}
_STAYS = {
    AdminBecause.PLATFORM: "their platform says so; that is changed there",
    AdminBecause.LISTED: "ADMINS names them; whoever runs Chipin can change that",
}


def admin_lines(admins: Iterable[Member]) -> tuple[str, ...]:
    """Each admin, and why they are one."""
    lines = tuple(
        f"{member.display_name}: {' and '.join(_WHY[why] for why in member.because)}"
        for member in admins
        if member.display_name
    )
    return lines or ("No admin of this team is known yet. Whoever runs Chipin can name one in ADMINS.",)


def admin_changed(change: AdminChange) -> str:
    """What /admin add or /admin remove did."""
    name = change.member.display_name
    stays = f"{name} is an admin all the same: {' and '.join(_STAYS[why] for why in change.still)}."
    if change.made:
        return f"{name} is an admin now." if change.changed else f"{name} was made an admin before; nothing changed."
    if not change.still:
        return f"{name} is no admin any more." if change.changed else f"{name} is no admin; nothing changed."
    return f"{name} is no admin by this chat any more. {stays}" if change.changed else f"{stays} Nothing changed."


def restored(member: Member, *, changed: bool) -> str:
    """What /admin restore did."""
    name = member.display_name
    if not changed:
        return f"{name} had not left; nothing changed."
    return f"{name} can ask again, by every account of theirs that its platform does not say has left."
