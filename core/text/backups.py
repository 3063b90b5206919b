"""Backups, in words: what was made, what was restored, and what these books cannot know."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from core.money import format_price
from core.text.wallet import exact_usd


def moment(at_ms: int) -> str:
    """Milliseconds since 1970 as people write it: "2026-11-21 14:03:09 UTC"."""
    return f"{datetime.fromtimestamp(at_ms // 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"


def backup_lines(where: str, *, made_at_ms: int, rows: int, secret: str) -> tuple[str, ...]:
    """What was made, and what has to be kept with it. `secret` says where the secret is."""
    return (
        f"Backup of {moment(made_at_ms)} in {where}: {rows:,} rows. The books in it balance.",
        f"The secret key is not in it. Keep it with the backup, but not in the same place: it is {secret}. "
        "Chipin does not start on these books with another one.",
    )


def balance_lines(balances: Iterable[tuple[str, int, int]]) -> tuple[str, ...]:
    """Every wallet, as (team, available, held) in nano-dollars."""
    return tuple(
        f"{team}: {exact_usd(available + held)}{f' ({format_price(held)} of it held)' if held else ''}"
        for team, available, held in balances
    )


def unknown_lines(
    made_at_ms: int, open_holds: Sequence[tuple[str, str, str, int]], providers: Sequence[str]
) -> tuple[str, ...]:
    """What providers may have billed since. Open holds are (team, provider, model, nano-dollars at most)."""
    lines = [f"Whatever was asked, charged or topped up after {moment(made_at_ms)} is unknown to these books."]
    if providers:
        lines.append(f"What providers billed since then stands on their own usage pages: {', '.join(providers)}.")
    if open_holds:
        lines.append("These asks ran at that moment; a running Chipin gives their holds back, the operator pays them:")
        lines += [
            f"  {team}: {provider or 'unknown provider'}, {model or 'unknown model'}, at most {format_price(nanos)}"
            for team, provider, model, nanos in open_holds
        ]
    return tuple(lines)
