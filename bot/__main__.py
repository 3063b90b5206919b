"""`python -m bot COMMAND`: the process. The only place that runs the loop, prints and exits."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing

import structlog

from bot.logs import set_up_logs
from bot.settings import Settings, load_settings
from core.errors import ChipinError

OLDEST_PYTHON = (3, 11)


async def _run(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.run import run

    await run(settings, team=arguments.team, operator=arguments.operator)
    return 0


async def _doctor(settings: Settings, _: argparse.Namespace) -> int:
    from bot.doctor import examine

    healthy = True
    async with aclosing(examine(settings)) as checks:
        async for check in checks:
            healthy = healthy and check.ok
            print(f"{'ok  ' if check.ok else 'FIX '} {check.name}: {check.finding}")
            if check.fix:
                print(f"     -> {check.fix}")
    return 0 if healthy else 1


async def _audit(settings: Settings, _: argparse.Namespace) -> int:
    from adapters.store.audit import RULES, audit
    from adapters.store.database import open_store

    async with open_store(settings.database_url.get_secret_value(), must_exist=True) as store:
        report = await audit(store)
    for kind, findings in (("VIOLATION", report.violations), ("notice", report.notices)):
        for finding in findings:
            print(f"{kind} {finding.rule}: {finding.row}\n          {finding.sentence}")
    if report.violations:
        print(f"The books do not balance: {len(report.violations)} violations. Stop Chipin and restore a backup.")
        return 1
    print(f"The books balance: {len(RULES)} rules hold, {len(report.notices)} notices.")
    return 0


async def _export(settings: Settings, _: argparse.Namespace) -> int:
    from adapters.store.database import open_store
    from adapters.store.export import export_json

    database_url = settings.database_url.get_secret_value()
    async with open_store(database_url, must_exist=True) as store, aclosing(export_json(store)) as pieces:
        async for piece in pieces:
            sys.stdout.write(piece)
    return 0


async def _migrate(settings: Settings, _: argparse.Namespace) -> int:
    from adapters.store.database import open_store
    from adapters.store.migrate import SCHEMA_VERSION

    async with open_store(settings.database_url.get_secret_value()) as store:
        done = "migrated to" if store.migrated else "already at"
        print(f"The database is {done} schema {SCHEMA_VERSION}.")
    return 0


async def _health(settings: Settings, _: argparse.Namespace) -> int:
    from bot.heartbeat import why_unhealthy

    why = await asyncio.to_thread(why_unhealthy, settings.data_folder)
    print(why or "healthy")
    return 1 if why else 0


_COMMANDS: dict[str, tuple[str, Callable[[Settings, argparse.Namespace], Awaitable[int]]]] = {
    "run": ("start on whatever is configured (the default)", _run),
    "doctor": ("check settings, database, clock, providers and prices, each with its fix", _doctor),
    "audit": ("prove that the books balance; exit 1 and name the rule when they do not", _audit),
    "export": ("print the whole books as one JSON object (--json)", _export),
    "migrate": ("bring the database to this version's schema", _migrate),
    "health": ("exit 0 while a Chipin runs on this data folder", _health),
}


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot", description="AI for a whole team from one prepaid wallet.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, (meaning, _) in _COMMANDS.items():
        command = commands.add_parser(name, help=meaning, description=meaning)
        if name == "run":
            command.add_argument("--team", default="demo", help="the team the terminal works on (default: demo)")
            command.add_argument(
                "--operator", action="store_true", help="act as the operator; needed off the demo team"
            )
        if name == "export":
            command.add_argument("--json", action="store_true", required=True, help="the format")
    return parser.parse_args(list(words) or ["run"])


def main(words: Sequence[str]) -> int:
    """Run one command; returns its exit code. Failures are one sentence on standard error."""
    arguments = _parse(words)
    try:
        settings = load_settings()
        set_up_logs(settings.log_level)
        return asyncio.run(_main(settings, arguments))
    except ChipinError as error:
        print(f"Chipin: {error.in_full}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has left; there is nobody to tell
        return 0
    except Exception:  # noqa: BLE001 - the edge of the process: a defect is told in words, its details are logged
        structlog.get_logger(__name__).exception("defect")
        print("Chipin: a defect of Chipin's own ended it; the log line above says where.", file=sys.stderr)
        return 70


async def _main(settings: Settings, arguments: argparse.Namespace) -> int:
    return await _COMMANDS[arguments.command][1](settings, arguments)


if __name__ == "__main__":
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("Chipin needs Python 3.11 or newer: install one, then `make run PYTHON=python3.12`.")
    sys.exit(main(sys.argv[1:]))
