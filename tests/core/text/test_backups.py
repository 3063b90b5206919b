from core.text import backups

AT_MS = 1_795_276_989_123
CENT = 10_000_000


def test_a_moment_is_said_with_its_zone() -> None:
    assert backups.moment(AT_MS) == "2026-11-21 16:03:09 UTC"


def test_a_balance_tells_what_is_held() -> None:
    lines = backups.balance_lines([("Team", 37 * 100 * CENT, 4 * CENT), ("Others", 0, 0)])
    assert lines == ("Team: $37.04 (4 cents of it held)", "Others: $0.00")


def test_what_may_have_been_billed_since_names_providers_and_asks_that_ran() -> None:
    said = backups.unknown_lines(AT_MS, [("Team", "openai", "small", 2 * CENT), ("Team", "", "", CENT)], ["openai"])
    assert said == (
        "Whatever was asked, charged or topped up after 2026-11-21 16:03:09 UTC is unknown to these books.",
        "What providers billed since then stands on their own usage pages: openai.",
        "These asks ran at that moment; a running Chipin gives their holds back, the operator pays them:",
        "  Team: openai, small, at most 2 cents",
        "  Team: unknown provider, unknown model, at most 1 cent",
    )


def test_books_without_asks_have_no_providers_to_look_at() -> None:
    assert len(backups.unknown_lines(AT_MS, [], [])) == 1
