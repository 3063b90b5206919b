"""What can be typed on Discord: seven commands of their own, the rest behind /chipin, admins' things behind /admin.

Names here are those of core's table; commands/ says what the options of each are on Discord.
"""

from core.commands.listed import ADMIN, ADMINS, ASK, LISTED, PRICE
from core.commands.table import Command, Table, Typing, with_own

CHIPIN = "/chipin"
TOP_UP = "/topup"
SHORT = frozenset({ASK, "/balance", "/usage", "/models", PRICE, "/request", TOP_UP})
"""What people are to find at once. Discord lists names by the alphabet, so everything else stands behind one."""
ANNOUNCE = f"{ADMIN} announce"
"""Of Discord's own: Slack's admins choose it in Chipin's Home."""
_NAMED = {
    ANNOUNCE: ANNOUNCE,
    **{command.name: command.name for command in LISTED[ADMINS] if command.name.startswith(f"{ADMIN} ")},
    ADMIN: ADMIN,
    "/admin list": f"{CHIPIN} admins",  # everybody may read it, and members do not see /admin
    "/undo": f"{ADMIN} undo",
    "/approve": f"{ADMIN} request approve",
    "/half": f"{ADMIN} request half",
    "/deny": f"{ADMIN} request deny",  # "/admin deny" is another one
    "/routing": f"{ADMIN} routing",
    "/freeze": f"{ADMIN} freeze",
    "/unfreeze": f"{ADMIN} unfreeze",
    "/audit": f"{ADMIN} audit",
    "/export": f"{ADMIN} export",
}
"""Discord shows /admin only to whoever may manage the server: what nobody else gets anything out of stands there.

A sentence may come by here twice: what is typed here is no other command of core's.
"""
_OWN = {
    ASK: (
        Command(
            ASK,
            "PROMPT [MODEL] [PRIVATE] [IMAGE]",
            "ask; the models' menu shows prices; #launch tags it",
        ),
    ),
    "/admin policy": (
        Command("/admin policy", "[WHOM [WHAT VALUE]]", "what applies to whom, and why; set it", for_admins=True),
        Command(ANNOUNCE, "[#CHANNEL|off]", "which channel reads what is recorded", for_admins=True),
    ),
    "/approve": (Command("/approve", "", "grant what was asked for (admins)", for_admins=True),),
    "/half": (Command("/half", "", "grant half of it (admins)", for_admins=True),),
    "/deny": (Command("/deny", "", "grant nothing (admins)", for_admins=True),),
}
TABLE = Table(
    with_own(LISTED, _OWN),
    hint=f"{ASK} and your question asks it.",
    typing=Typing(f"{CHIPIN} ", SHORT, _NAMED),
)
