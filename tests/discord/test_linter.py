"""One planted violation per rule, and what keeps to all of them is let through."""

from typing import Any

import pytest

from tests.discord.building import (
    QUIET,
    V2,
    button,
    command,
    container,
    field,
    label,
    modal,
    option,
    row,
    section,
    select,
    text,
)
from tests.discord.faults import Call, Upload
from tests.discord.linter import lint
from tests.discord.people import Json, User
from tests.discord.state import COMPONENTS_V2, LOADING, SUPPRESS_EMBEDS, Message

MEBIBYTE = 1024 * 1024


def calling(operation: str, body: Any, *files: Upload) -> Call:
    return Call(1, operation, "POST", "/route", {}, {}, body, list(files), "", 0.0)


def rules(operation: str, body: Any, *files: Upload, before: Message | None = None) -> set[str]:
    return {each.rule for each in lint(calling(operation, body, *files), before, 10 * MEBIBYTE)}


def posted(**fields: Any) -> set[str]:
    return rules("create_message", {**QUIET, **fields})


def shown(*components: Json, **fields: Any) -> set[str]:
    return rules("create_message", {**V2, "components": list(components), **fields})


def opened(form: Json) -> set[str]:
    return rules("create_interaction_response", {"type": 9, "data": form})


def registered(*commands: Json) -> set[str]:
    return rules("bulk_set_application_commands", list(commands))


def standing(flags: int) -> Message:
    return Message("1", "2", User("3", "Chipin", bot=True), "text", flags=flags)


# --- messages ---


def test_what_keeps_to_the_rules_is_let_through() -> None:
    assert not posted(content="x" * 2000, nonce="n" * 25, components=[row(button()), row(select())])
    link = {"type": 2, "style": 5, "url": "https://example.org", "label": "Docs"}
    card = container(text("x" * 4000), section(text("y"), accessory=link), row(button()))
    assert shown(card) == {"V2 text"}  # one character too many
    assert not shown(container(text("x" * 3999), section(text("y"), accessory=link), row(button())))


@pytest.mark.parametrize(
    "allowed",
    [
        None,
        {},
        {"parse": ["users"]},
        {"parse": [], "users": ["1"]},
        {"parse": [], "roles": ["1"]},
        {"parse": [], "replied_user": True},
    ],
)
def test_a_message_that_could_ping_somebody_is_caught_edits_included(allowed: Json | None) -> None:
    fields = {"content": "x", "flags": SUPPRESS_EMBEDS, "allowed_mentions": allowed}
    for operation in ("create_message", "update_message", "execute_webhook", "update_original_webhook_message"):
        assert rules(operation, fields, before=standing(0)) == {"allowed mentions"}
    assert rules("create_interaction_response", {"type": 4, "data": fields}) == {"allowed mentions"}


def test_text_without_suppressed_embeds_is_caught() -> None:
    quiet = {"allowed_mentions": {"parse": []}, "content": "x"}
    assert rules("create_message", quiet) == {"no embeds"}
    assert rules("update_message", quiet, before=standing(0)) == {"no embeds"}
    assert not rules("update_message", quiet, before=standing(SUPPRESS_EMBEDS))  # an edit leaves the flag as it is


def test_too_much_text_is_caught() -> None:
    assert posted(content="x" * 2001) == {"content"}
    assert posted(content="x", nonce="n" * 26) == {"nonce"}
    assert posted(content="x", flags=SUPPRESS_EMBEDS | 1 << 13) == {"flags"}


@pytest.mark.parametrize("name", ["content", "embeds", "sticker_ids", "poll"])
def test_a_message_of_components_that_carries_something_else_is_caught(name: str) -> None:
    assert shown(text(), **{name: "something"}) == {"V2 alone"}


def test_the_flag_of_components_is_never_taken_away() -> None:
    fields = {"allowed_mentions": {"parse": []}, "components": [text()]}
    before = standing(COMPONENTS_V2)
    assert rules("update_message", {**fields, "flags": SUPPRESS_EMBEDS}, before=before) == {"V2 stays"}
    assert not rules("update_message", fields, before=before)
    assert not rules("update_original_webhook_message", {**fields, "flags": COMPONENTS_V2}, before=standing(LOADING))


# --- components ---


def test_components_that_need_the_flag_are_caught_without_it() -> None:
    assert posted(components=[container(text())]) == {"V2 flag"}


def test_more_than_forty_components_are_caught_nested_ones_counted() -> None:
    rows = [row(*(button(f"{line} {each}") for each in range(5))) for line in range(6)]
    assert not shown(container(*rows, *(text() for _ in range(3))))
    assert shown(container(*rows, *(text() for _ in range(4)))) == {"40 components"}


def test_text_is_counted_over_the_whole_message() -> None:
    assert shown(text("x" * 2000), container(text("x" * 2001))) == {"V2 text"}
    assert "text display" in shown(text(""))


def test_rows_are_caught_where_they_do_not_fit() -> None:
    assert posted(components=[row(button(str(each))) for each in range(6)]) == {"rows"}
    assert shown(row(*(button(str(each)) for each in range(6)))) == {"action row"}
    assert shown(row(button(), select())) == {"action row"}
    assert shown(row(text())) == {"action row"}
    assert shown(row()) == {"action row"}


def test_custom_ids_are_caught() -> None:
    assert shown(row(button("a"), button("a"))) == {"unique custom ids"}
    assert shown(container(row(button("a"))), row(button("a"))) == {"unique custom ids"}
    assert shown(row(button("x" * 101))) == {"custom id"}
    assert shown(row(button(""))) == {"custom id"}
    assert shown(text() | {"id": 7}, text() | {"id": 7}) == {"unique ids"}


def test_buttons_are_caught() -> None:
    assert shown(row(button(label="x" * 81))) == {"button label"}
    assert "button label" in shown(row(button(label="")))
    assert shown(row(button(label="", emoji={"name": "🐸"}))) == {"button label"}  # an empty label is none
    link = {"type": 2, "style": 5, "label": "Docs"}
    assert shown(row(link)) == {"link button"}
    assert shown(row(link | {"url": "https://example.org", "custom_id": "b"})) == {"link button"}
    assert shown(row(button(url="https://example.org"))) == {"link button"}


def test_selects_are_caught() -> None:
    assert shown(row(select(*map(str, range(26))))) == {"select options"}
    assert shown(row(select("x" * 101))) == {"select options"}
    assert shown(row(select("a", "a"))) == {"select options"}
    assert shown(row(select("a", max_values=2))) == {"select options"}
    assert shown(row(select(placeholder="x" * 151))) == {"select"}
    long = {"label": "a", "value": "a", "description": "x" * 101}
    assert shown(row(select() | {"options": [long]})) == {"select options"}


def test_sections_are_caught() -> None:
    assert shown(section(text(), text(), text(), text(), accessory=button())) == {"section"}
    assert shown({"type": 9, "components": [text()]}) == {"section"}


# --- interactions ---


def test_a_deferral_carries_nothing_but_ephemeral() -> None:
    for kind in (5, 6):
        body: Json = {"type": kind}
        assert not rules("create_interaction_response", body)
        assert not rules("create_interaction_response", body | {"data": {"flags": 1 << 6}})
        assert rules("create_interaction_response", body | {"data": {"flags": 1 << 2}}) == {"deferral"}
        assert rules("create_interaction_response", body | {"data": {"content": "x"}}) == {"deferral"}


def test_modals_are_caught() -> None:
    assert not opened(modal(label(field(value="5"), description="In dollars"), text("About")))
    assert opened(modal(title="x" * 46)) == {"modal title"}
    assert opened(modal(*(label(field(str(each))) for each in range(6)))) == {"modal components"}
    assert opened({"title": "x", "custom_id": "m", "components": []}) == {"modal components"}
    assert opened(modal(row(field()))) == {"modal components"}
    assert opened(modal(label(field(), "x" * 46))) == {"label"}
    assert opened(modal(label(field(), description="x" * 101))) == {"label description"}
    assert opened(modal(label(field(placeholder="x" * 101)))) == {"placeholder"}
    assert opened(modal(label(field(value="x" * 4001)))) == {"text input"}
    assert opened(modal(label(field(max_length=4001)))) == {"text input"}
    assert opened(modal(label(field(label="x")))) == {"text input"}
    assert opened(modal(label(field("a")), label(field("a")))) == {"unique custom ids"}
    assert opened(modal(custom_id="x" * 101)) == {"custom id"}
    assert opened(modal(label(select(*map(str, range(26)))))) == {"select options"}


def test_choices_of_autocomplete_are_caught() -> None:
    def offered(*choices: Json) -> set[str]:
        return rules("create_interaction_response", {"type": 8, "data": {"choices": list(choices)}})

    one = {"name": "x" * 100, "value": "x" * 100}
    assert not offered()
    assert not offered(*[one] * 25)
    assert offered(*[one] * 26) == {"choices"}
    assert offered({"name": "x" * 101, "value": "x"}) == {"choices"}
    assert offered({"name": "", "value": "x"}) == {"choices"}
    assert offered({"name": "x", "value": "x" * 101}) == {"choices"}


# --- commands ---


def test_names_keep_to_lower_case_letters_digits_and_dashes() -> None:
    for name in ("ask", "über", "お願い", "a-b_c'd", "x" * 32, "โน้ต"):
        assert not registered(command(name)), name
    for name in ("Ask", "a b", "", "x" * 33, "a.b", "Über"):
        assert registered(command(name)) == {"command name"}, name
        assert registered(command("ask", option(name))) == {"command name"}, name


def test_commands_are_caught() -> None:
    assert registered(command(), command()) == {"command name"}
    assert registered(command(description="x" * 101)) == {"description"}
    assert registered(command("ask", option("a"), option("b", required=True))) == {"required first"}
    assert registered(command("ask", option("a"), option("a"))) == {"options"}
    assert registered(command("ask", option("a"), option("b", kind=1))) == {"options"}
    assert registered(command("ask", *(option(f"o{each}") for each in range(26)))) == {"options"}
    choices = [{"name": "a", "value": "a"}]
    assert not registered(command("ask", option("a", choices=choices)))
    assert registered(command("ask", option("a", choices=choices, autocomplete=True))) == {"autocomplete"}
    assert registered(command("ask", option("a", choices=choices * 26))) == {"choices"}
    assert registered(command("ask", option("a", choices=[{"name": "a", "value": "x" * 101}]))) == {"choices"}


def test_a_command_is_counted_whole_with_its_longest_translations() -> None:
    def sized(extra: int) -> Json:
        options = [option(f"{each:02}", choices=[{"name": "n" * 100, "value": "v" * 100}]) for each in range(25)]
        for each in options:
            each["description"] = "d" * 100
        spare = 8000 - len("ask") - len("Ask a model") - 25 * (2 + 100 + 200)
        padding = [{"name": "n" * 99 + str(each), "value": "v" * 100} for each in range(spare // 200)]
        options[0]["choices"] += padding
        left = spare - sum(len(each["name"]) + len(each["value"]) for each in padding)
        options[1]["choices"].append({"name": "n" * (left // 2), "value": "v" * (left - left // 2 + extra)})
        return command("ask", *options)

    assert not registered(sized(0))
    assert registered(sized(1)) == {"8000 characters"}
    translated = sized(0) | {"name_localizations": {"de": "frag"}}
    assert registered(translated) == {"8000 characters"}


def test_there_are_only_so_many_commands() -> None:
    assert not registered(*(command(f"c{each}") for each in range(100)))
    assert registered(*(command(f"c{each}") for each in range(101))) == {"count of commands"}
    for kind in (2, 3):
        menus = [{"name": f"Ask about {each}", "type": kind} for each in range(16)]
        assert not registered(*menus[:15])
        assert registered(*menus) == {"count of commands"}
    assert registered({"name": "Ask about this", "type": 3, "description": "x"}) == {"context menu"}


def test_pictures_are_of_the_message_itself_and_have_words() -> None:
    def gallery(description: str | None = "A chart", url: str = "attachment://chart.png", times: int = 1) -> set[str]:
        item = {"media": {"url": url}, "description": description}
        upload = Upload("files[0]", "chart.png", b"x", "image/png")
        return rules("create_message", {**V2, "components": [{"type": 12, "items": [item] * times}]}, upload)

    assert not gallery()
    for wrong in (gallery(None), gallery(""), gallery("x" * 1025), gallery(times=11)):
        assert wrong == {"gallery"}
    assert gallery(url="https://example.org/chart.png") == {"gallery"}
    assert gallery(url="attachment://other.png") == {"files"}


# --- files ---


def test_files_are_caught() -> None:
    def uploading(*sizes: int) -> set[str]:
        files = [
            Upload(f"files[{place}]", f"{place}.txt", b"x" * size, "text/plain") for place, size in enumerate(sizes)
        ]
        return rules("create_message", {**QUIET}, *files)

    assert not uploading(10 * MEBIBYTE)
    assert uploading(10 * MEBIBYTE + 1) == {"file size"}
    assert uploading(9 * MEBIBYTE, 9 * MEBIBYTE, 9 * MEBIBYTE) == {"file size"}
    assert uploading(*[1] * 11) == {"files"}
    file = {"type": 13, "file": {"url": "attachment://long.md"}}
    assert shown(file) == {"files"}
    assert not rules("create_message", {**V2, "components": [file]}, Upload("files[0]", "long.md", b"x", "text/plain"))
