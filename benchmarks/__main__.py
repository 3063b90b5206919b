"""`python -m benchmarks [wallet ask streams ...]`: what Chipin does on this machine. `make bench` runs all.

Absolute numbers move with the machine and its neighbours; what is compared was measured in turn, in the same run.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks import ask, growth, reports, routing, slack, start, streams, wallet
from benchmarks.databases import NewDatabase, databases
from benchmarks.machine import describe_machine
from benchmarks.table import NUMBERS, Table, page_with
from bot.collector import leave_what_stands

Benchmark = Callable[[str, NewDatabase], Awaitable[list[Table]]]
NAMES = ("wallet", "ask", "streams", "growth", "start", "routing", "slack")
ON_DEMAND = ("reports",)
"""Only when it is named: it takes half an hour, and 5 GB of disk."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every table as it is ready, and write all of them down if asked to."""
    given = _parser().parse_args(arguments)
    found: list[Table] = []
    with databases() as places:
        machine = describe_machine(asyncio.run(places.postgres_version()))
        print(f"{machine}\n")
        for benchmark in _benchmarks(given.names or NAMES, given.entries):
            for kind, new_database in places.makers.items():
                for table in asyncio.run(_measured(benchmark, kind, new_database)):
                    print(f"{table.as_text()}\n", flush=True)
                    found.append(table)
    if given.markdown:
        page = given.markdown.read_text(encoding="utf-8") if given.markdown.exists() else ""
        given.markdown.write_text(page_with(page, f"Measured on {machine}.", found), encoding="utf-8")


_HELP = f"{', '.join(NAMES)}: all of them when none is named; {', '.join(ON_DEMAND)} takes half an hour"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", choices=[*NAMES, *ON_DEMAND, []], metavar="NAME", help=_HELP)
    parser.add_argument(
        "--entries",
        type=int,
        help="growth: also in books of so many entries (10000000: minutes, and 15 GB of disk for each database)",
    )
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help=f'also write the tables into a page, below its "{NUMBERS}"'
    )
    return parser


def _benchmarks(names: Sequence[str], entries: int | None) -> Iterator[Benchmark]:
    grown = growth.Size(entries=(*growth.FULL.entries, *([entries] if entries else [])))
    every: dict[str, Benchmark] = {
        "wallet": wallet.tables,
        "ask": ask.tables,
        "streams": streams.tables,
        "growth": partial(growth.tables, size=grown),
        "start": start.tables,
        "routing": routing.tables,
        "slack": slack.tables,
        "reports": reports.tables,
    }
    yield from (every[name] for name in names)


async def _measured(benchmark: Benchmark, kind: str, new_database: NewDatabase) -> list[Table]:
    return await benchmark(kind, new_database)


if __name__ == "__main__":
    leave_what_stands()  # as the process does, and for all that are compared
    main()
