"""The commands: their names, what `--help` says of them, what words they take, and what runs them.

What a command needs is imported when it runs: `health` must not wait for what `run` needs.
"""

import argparse
import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from bot.console import Console
from bot.settings import Settings


async def _run(settings: Settings, arguments: argparse.Namespace, _: Console) -> bool:
    from bot.run import run

    await run(settings, team=arguments.team, operator=arguments.operator)
    return True


async def _doctor(settings: Settings, _: argparse.Namespace, console: Console) -> bool:
    from bot.doctor import examine

    healthy = True
    async with aclosing(examine(settings)) as checks:
        async for check in checks:
            healthy = healthy and check.ok
            console.say(f"{'ok  ' if check.ok else 'FIX '} {check.name}: {check.finding}")
            if check.fix:
                console.say(f"     -> {check.fix}")
    return healthy


async def _audit(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    from bot.books import prove

    return await prove(settings, arguments, console)


async def _statement(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    from bot.month import statement

    return await statement(settings, arguments, console)


async def _bill(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    from bot.month import bill

    return await bill(settings, arguments, console)


async def _export(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    if arguments.csv:
        from bot.month import export_csv

        return await export_csv(settings, arguments, console)
    from bot.books import export

    return await export(settings, arguments, console)


async def _migrate(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    from bot.books import migrate

    return await migrate(settings, arguments, console)


async def _backup(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    from bot.backups import make_backup

    return await make_backup(settings, arguments, console)


async def _restore(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    from bot.backups import restore_backup

    return await restore_backup(settings, arguments, console)


async def _freeze(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    from bot.freezing import set_frozen

    for line in await set_frozen(settings, arguments.kind, arguments.named, frozen=arguments.command == "freeze"):
        console.say(line)
    return True


async def _reverse(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    from bot.reversing import reverse

    return await reverse(settings, arguments, console)


async def _digest(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    from bot.digest import show_digest

    return await show_digest(settings, arguments, console)


async def _health(settings: Settings, _: argparse.Namespace, console: Console) -> bool:
    from bot.heartbeat import why_unhealthy

    why = await asyncio.to_thread(why_unhealthy, settings.data_folder)
    console.say(why or "healthy")
    return not why


async def _slack_manifest(_: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    from adapters.slack.manifest import manifest

    made = manifest(prefix=arguments.prefix, only_chipin=arguments.only_chipin, address=arguments.http)
    console.say(json.dumps(made, indent=2))
    return True


def _digest_words(command: argparse.ArgumentParser) -> None:
    command.add_argument("--dry-run", action="store_true", required=True, help="post nothing: a running Chipin does")
    command.add_argument("--team", default="", help="its name or id; every team when it is left out")


def _run_words(command: argparse.ArgumentParser) -> None:
    command.add_argument("--team", default="demo", help="the team the terminal works on (default: demo)")
    command.add_argument("--operator", action="store_true", help="act as the operator; needed off the demo team")


def _export_words(command: argparse.ArgumentParser) -> None:
    formats = command.add_mutually_exclusive_group()
    formats.add_argument("--json", action="store_true", help="the whole books (the default)")
    formats.add_argument("--csv", action="store_true", help="what a team was charged in a month, in FOCUS columns")
    command.add_argument("--member", default="", help="only what is kept about this member: their name or id (JSON)")
    _month_words(command)


def _month_words(command: argparse.ArgumentParser) -> None:
    command.add_argument("--team", default="", help="its name or id; needed where there are several")
    command.add_argument("--month", default="", help="like 2026-11, or last; the running one when it is left out")


def _statement_words(command: argparse.ArgumentParser) -> None:
    formats = command.add_mutually_exclusive_group()
    formats.add_argument("--html", action="store_true", help="one page that prints on A4 (the default)")
    formats.add_argument("--csv", action="store_true", help="a row for each line, every amount in full")
    _month_words(command)


def _bill_words(command: argparse.ArgumentParser) -> None:
    command.add_argument("provider", metavar="PROVIDER", help="its name here: openai, anthropic, ...")
    command.add_argument("month", metavar="MONTH", help="a month of UTC, like 2026-11")
    command.add_argument("amount", metavar="AMOUNT", help="the bill's total in US dollars, like 123.45")
    command.add_argument("reason", metavar="REASON", nargs="*", default=(), help="kept with it: the invoice's number")


def _freeze_words(command: argparse.ArgumentParser) -> None:
    kinds = command.add_subparsers(dest="kind", metavar="team|member", help="whom; everybody when it is left out")
    command.set_defaults(kind="", named="")
    for kind, names in (("team", "name or id"), ("member", "name, id or identity (platform:workspace/user)")):
        kinds.add_parser(kind, help=f"one {kind}").add_argument("named", metavar=kind.upper(), help=f"its {names}")


def _reverse_words(command: argparse.ArgumentParser) -> None:
    command.add_argument("ask", metavar="ASK", help="the ask, as `export --json` names it (request_key)")
    command.add_argument("reason", metavar="REASON", nargs="+", help="why; its team's admins read it")


def _file_words(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="the backup; the same format from and to both databases")


def _manifest_words(command: argparse.ArgumentParser) -> None:
    names = command.add_mutually_exclusive_group()
    names.add_argument("--prefix", default="", choices=["chipin-"], help="before the short names: /chipin-ask")
    names.add_argument("--only-chipin", action="store_true", help="no short names: everything behind /chipin")
    command.add_argument("--http", default="", metavar="URL", help="https://... that Slack calls, not Socket Mode")


def _no_words(_: argparse.ArgumentParser) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `perform` returns whether all is well; a failure is a `ChipinError` with its sentence."""

    name: str
    meaning: str
    perform: Callable[[Settings, argparse.Namespace, Console], Coroutine[Any, Any, bool]]
    add_words: Callable[[argparse.ArgumentParser], None] = _no_words


COMMANDS = (
    Command("run", "start on whatever is configured (the default)", _run, _run_words),
    Command("doctor", "check settings, database, clock, providers and prices, each with its fix", _doctor),
    Command("audit", "prove that the books balance; exit 1 and name the rule when they do not", _audit),
    Command("export", "print the whole books as JSON (--json), or a month's charges (--csv)", _export, _export_words),
    Command("statement", "print a team's month as finance takes it: a page, or CSV", _statement, _statement_words),
    Command("bill", "record what a provider billed for a month, and compare", _bill, _bill_words),
    Command(
        "backup",
        "copy the books to a new FILE, beside a running process; keep the secret key too",
        _backup,
        _file_words,
    ),
    Command("restore", "put a backup where there are no books yet: DATABASE_URL says where", _restore, _file_words),
    Command("freeze", "pause asking for everybody, a team or a member; running asks finish", _freeze, _freeze_words),
    Command("unfreeze", "let everybody, a team or a member ask again", _freeze, _freeze_words),
    Command("reverse", "give back what an ask cost, with a reason; you pay it", _reverse, _reverse_words),
    Command("digest", "show the last week as its digest tells it (--dry-run)", _digest, _digest_words),
    Command("migrate", "bring the database to this version's schema", _migrate),
    Command("slack-manifest", "print what creates the Slack app in one paste", _slack_manifest, _manifest_words),
    Command("health", "exit 0 while a Chipin runs on this data folder", _health),
)


def parse(words: Sequence[str]) -> tuple[Command, argparse.Namespace]:
    """The command that the words name, and what they say beside it. Exits with 2 on words it does not know."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="AI for a whole team from one prepaid wallet.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for each in COMMANDS:
        each.add_words(commands.add_parser(each.name, help=each.meaning, description=each.meaning))
    arguments = parser.parse_args(list(words) or ["run"])
    return next(each for each in COMMANDS if each.name == arguments.command), arguments
