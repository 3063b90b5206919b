"""Who speaks at this terminal. In the demo team anybody may take any part; elsewhere it is the operator."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

from core.conversation import Conversation
from core.errors import BadInput
from core.membership import Membership, TeamDefaults
from core.people import OPERATOR, Asker, Identity, Member, Place, Standing
from core.policy.targets import RESERVED

PLATFORM, CHANNEL = "terminal", "chat"
YOU = "you"
OWNER, PLAIN = "@owner", "@member"
"""Whom the platform itself makes an admin, and who is nothing more than a member (again)."""
MAX_NAME_CHARS = 40
MAX_ROLES = 10
STANDINGS = {f"@{standing}": standing for standing in (Standing.GUEST, Standing.BOT, Standing.OUTSIDER)}
"""What somebody is who is no ordinary member: typed like a role."""
MAX_PEOPLE = 200
NOT_NAMES = (*RESERVED, OPERATOR)


@dataclass(frozen=True, slots=True)
class Session:
    """Where this terminal works, and what whoever opens it is called (`you`), unless they are the operator.

    `greeting` says which model and which database are used, and why. `files` is the folder for what is handed over.
    """

    workspace: str
    defaults: TeamDefaults
    demo: bool
    operator: bool
    greeting: tuple[str, ...] = ()
    you: str = YOU
    files: Path = Path("data/files")


Act = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What waits for somebody's agreement: what /yes, /cheaper and /yes NUMBER would do.

    Where a question may have a secret in it: `remove` and `send`, for /remove and /send.
    """

    agree: Act
    cheaper: Act | None = None
    remove: Act | None = None
    send: Act | None = None
    numbered: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """The last answer somebody was shown, and what /better would do about it."""

    ask_id: str
    better: Act | None = None


def new_conversation() -> Conversation:
    """One in which nothing was said yet."""
    return Conversation(uuid4().hex)


@dataclass(slots=True)
class Person:
    """Somebody who has spoken here: their conversation, their last answer, and what they may still press.

    `receipt_of` is their last ask that came to an end.
    `asker` is what a platform would say of them: the roles with which they were last named. `again` is their last
    question that ended without an answer, `interrupted` those that a crash ended. `requests` are those that they
    were shown with a number, and `granted` their questions that can run now that there is more.
    """

    name: str
    admin: bool = False
    asker: Asker = field(default_factory=Asker)
    conversation: Conversation = field(default_factory=new_conversation)
    receipt_of: str = ""
    answered: Answered | None = None
    offer: Offer | None = None
    again: Act | None = None
    interrupted: list[str] = field(default_factory=list)
    requests: tuple[str, ...] = ()
    granted: list[str] = field(default_factory=list)


class People:
    """Everybody who has spoken in this session; `current` speaks now."""

    def __init__(self, membership: Membership, session: Session) -> None:
        self._membership = membership
        self._session = session
        self.current = Person(OPERATOR if session.operator else session.you, admin=True)
        self._known = {self.current.name.casefold(): self.current}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of everybody so far."""
        return tuple(person.name for person in self._known.values())

    @property
    def place(self) -> Place:
        """Where the speaker asks: the one channel there is, and their conversation in it."""
        return Place(PLATFORM, self._session.workspace, CHANNEL, self.current.conversation.id)

    async def member(self) -> Member:
        """Who speaks now as the books know them at this moment: limits may have changed since the last line."""
        return (await self.enter())[0]

    async def enter(self) -> tuple[Member, bool]:
        """The same, and whether their team was made just now."""
        person, session = self.current, self._session
        identity = identity_of(session.workspace, person.name)
        member, new_team = await self._membership.member(
            identity, session.defaults, admin=person.admin, asker=person.asker
        )
        if session.operator:
            return replace(member, admin=True, acts_as=OPERATOR), new_team
        person.admin = member.admin  # made one, or one no more: who reads what is meant for admins
        return member, new_team

    def known(self, name: str) -> Person:
        """Somebody whom the books know, whether they have spoken in this session or not."""
        return self._known.setdefault(name.casefold(), Person(name))

    def drop(self, name: str) -> None:
        """Let go of all that was said with somebody; whoever speaks goes on speaking, with a new conversation."""
        key = name.casefold()
        had = self._known.get(key)
        if had is self.current:
            self.current = self._known[key] = Person(had.name, admin=had.admin)
        elif had is not None:
            del self._known[key]

    def switch(self, typed: str) -> Person:
        """Let somebody else speak; whoever is new becomes a plain member. `BadInput` for what is no name.

        "Anna @design @guest" speaks with that role, and as a guest; without any, as when she was last named. "@owner"
        is whom the platform makes an admin, "@member" a plain member again.
        """
        words = typed.split()
        roles = [word.casefold() for word in words if word.startswith("@")]
        name = " ".join(word for word in words if not word.startswith("@"))
        key = name.casefold()
        if not name or len(name) > MAX_NAME_CHARS or not name.isprintable() or name.startswith("/"):
            raise BadInput(f"Type a name of at most {MAX_NAME_CHARS} letters, like /as Anna.")
        if key in NOT_NAMES:
            raise BadInput(f'"{name}" has a meaning of its own here; take another name.')
        if key not in self._known and len(self._known) >= MAX_PEOPLE:
            raise BadInput(f"{MAX_PEOPLE} people have spoken here already; that is the most.")
        self.current = self._known.setdefault(key, Person(name))
        if roles:
            self.current.asker = asker_with(roles)
        return self.current


def identity_of(workspace: str, name: str) -> Identity:
    """Who somebody is here: their name, however it is written."""
    return Identity(PLATFORM, workspace, name.casefold(), name)


def role_of(typed: str) -> str:
    """The role that "@Design" names, as a platform's own id; empty for what is none."""
    name = typed.removeprefix("@").casefold()
    fits = typed.startswith("@") and 0 < len(name) <= MAX_NAME_CHARS and name.isprintable()
    return f"{PLATFORM}:{name}" if fits and not set(name) & set(" ,") else ""


def asker_with(typed: list[str]) -> Asker:
    """What a platform would say of somebody with these roles. `BadInput` for what is no role."""
    roles = [role_of(each) for each in typed if each not in (*STANDINGS, OWNER, PLAIN)]
    if len(typed) > MAX_ROLES or not all(roles):
        raise BadInput(f"Type a role of at most {MAX_NAME_CHARS} letters, like /as Anna @design; {MAX_ROLES} at most.")
    standing = next((STANDINGS[each] for each in typed if each in STANDINGS), Standing.MEMBER)
    return Asker(roles=tuple(dict.fromkeys(roles)), standing=standing, admin=OWNER in typed)
