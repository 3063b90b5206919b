"""Draws what the app sent to Discord: `python -m scripts.render_discord docs/pictures/discord [NAME ...]`.

The JSON is what was sent, component by component (tests/stories/discord_scenes.py); the look comes from here and is
close to that of Discord's own dark theme, as wide as on a phone (480 pixels) and half as large again. How it becomes a
picture: pictures.py.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path

from scripts.discord_markdown import Names, as_html
from scripts.pictures import Json, draw_folder, html_page, picture

WIDTH = 720
STYLE = Path(__file__).with_name("discord.css")
OURS = "Chipin"
EPHEMERAL, LOADING = 1 << 6, 1 << 7
"""Flags of messages (resources/message, "Message Flags")."""
ATTACHED = "attachment://"
"""How a card names a file that goes along with it."""
_STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link"}
_EYE = """<svg viewBox="0 0 16 16"><path d="M1 8q7-9 14 0q-7 9-14 0z"/><circle cx="8" cy="8" r="2.200"/></svg>"""
_BYTES_OF_KB = 1024


def page(scene: Json, *styles: Path) -> str:
    """A scene as a web page; `styles` change its look."""
    names = scene.get("names", {})
    return html_page("".join(_seen(each, names) for each in scene["seen"]), STYLE, *styles)


def _seen(each: Json, names: Names) -> str:
    if "modal" in each:
        return modal(each["modal"], names)
    if "choices" in each:
        return choices(each)
    if "commands" in each:
        return commands(each["commands"])
    return message(each, names)


def message(said: Json, names: Names) -> str:
    """A message with its sender, and what it answers; of the app's, everything that it sent."""
    ours, flags = said["from"] == OURS, int(said.get("flags", 0))
    badge = '<span class="app">APP</span>' if ours else ""
    face = f'<div class="face {"ours" if ours else ""}">{escape(said["from"][0])}</div>'
    head = f'<div class="head"><b>{escape(said["from"])}</b>{badge}<time>10:04</time></div>'
    body = as_html(said.get("content", ""), names) + components(said.get("components", ()), names)
    if flags & LOADING:
        body = f'<p class="thinking">{OURS} is thinking...</p>'
    body += "".join(file_shown(each["filename"], each["size"]) for each in said.get("attachments", ()))
    only = f'<div class="only">{_EYE}Only you can see this · <a>Dismiss message</a></div>' if flags & EPHEMERAL else ""
    inside = f'<div class="message">{face}<div class="body">{head}{body}{only}</div></div>'
    return f'<article class="{"alone" if only else ""}">{_above(said, names)}{inside}</article>'


def _above(said: Json, names: Names) -> str:
    """What stands over a message in small: what it answers, or who used which command."""
    if "used" in said:
        by, command = escape(said["used"]["by"]), escape(said["used"]["command"])
        return f'<div class="above"><b>{by}</b> used <span class="mention">{command}</span></div>'
    if "reply_to" in said:
        words = as_html(said["reply_to"]["content"].partition("\n")[0], names)
        return f'<div class="above"><b>{escape(said["reply_to"]["from"])}</b> {words}</div>'
    return ""


def modal(shown: Json, names: Names) -> str:
    """A form in its window."""
    inside = components(shown["components"], names)
    title = f'<h1><span class="face ours small">C</span>{escape(shown["title"])}<i>×</i></h1>'
    buttons = '<span class="button secondary">Cancel</span><span class="button primary">Submit</span>'
    return f'<section class="modal">{title}{inside}<footer>{buttons}</footer></section>'


def choices(offered: Json) -> str:
    """What is offered while somebody types into an option of a command."""
    rows = "".join(f"<li>{escape(each['name'])}</li>" for each in offered["choices"])
    typed = "".join(_option(name, value, name == offered["option"]) for name, value in offered["typed"].items())
    line = f'<div class="typing"><b>/{escape(offered["command"])}</b>{typed}</div>'
    return f'<section class="list"><h4>{escape(offered["option"])}</h4><ul>{rows}</ul></section>{line}'


def _option(name: str, value: str, is_here: bool) -> str:
    here = '<i class="caret"></i>' if is_here else ""
    return f'<span class="option"><em>{escape(name)}</em> {escape(value)}{here}</span>'


def commands(listed: Sequence[Json]) -> str:
    """What Discord lists when somebody types a slash: each command with what it is for."""
    rows = "".join(
        f"<li><b>/{escape(each['name'])}</b>{''.join(_named(option) for option in each.get('options', ()))}"
        f"<p>{escape(each['description'])}</p></li>"
        for each in listed
    )
    return f'<section class="list"><h4>{OURS}</h4><ul>{rows}</ul></section><div class="typing">/</div>'


def _named(option: Json) -> str:
    return f'<span class="option">{escape(option["name"])}</span>'


# --- components ---


def components(sent: Sequence[Json], names: Names) -> str:
    """All of them. A kind that cannot be drawn is an error: a picture without it would not be true."""
    return "".join(COMPONENTS[each["type"]](each, names) for each in sent)


def _inside(each: Json, names: Names) -> str:
    return components(each["components"], names)


def _button(each: Json, names: Names) -> str:
    kind = _STYLES[each["style"]] + (" disabled" if each.get("disabled") else "")
    mark = " ↗" if each["style"] == 5 else ""
    return f'<span class="button {kind}">{escape(each["label"])}{mark}</span>'


def _select(each: Json, names: Names) -> str:
    chosen = [option["label"] for option in each.get("options", ()) if option.get("default")]
    words = ", ".join(chosen) or each.get("placeholder", "Make a selection")
    return f'<div class="menu{"" if chosen else " empty"}"><span>{escape(words)}</span><i></i></div>'


def _text_input(each: Json, names: Names) -> str:
    high = " high" if each["style"] == 2 else ""
    value = each.get("value", "")
    words = escape(value or each.get("placeholder", ""))
    return f'<div class="field{high}{"" if value else " empty"}">{words}</div>'


def _section(each: Json, names: Names) -> str:
    beside = components([each["accessory"]], names)
    return f'<div class="section"><div>{_inside(each, names)}</div><div class="beside">{beside}</div></div>'


def _label(each: Json, names: Names) -> str:
    inner = each["component"]
    must = '<i class="must">*</i>' if inner.get("required", True) else ""
    about = f'<p class="about">{escape(each["description"])}</p>' if each.get("description") else ""
    shown = components([inner], names)
    return f'<div class="input"><label>{escape(each["label"])}{must}</label>{about}{shown}</div>'


def _container(each: Json, names: Names) -> str:
    color = each.get("accent_color")
    edge = f' style="border-left: 4px solid #{color:06x}"' if color is not None else ""
    return f'<div class="container"{edge}>{_inside(each, names)}</div>'


def _separator(each: Json, names: Names) -> str:
    line = "" if each.get("divider", True) else " gap"
    return f'<div class="separator{line}{" wide" if each.get("spacing") == 2 else ""}"></div>'


def _ticks(each: Json, names: Names) -> str:
    return "".join(
        f'<div class="tick"><i class="{"on" if option.get("default") else ""}"></i>{escape(option["label"])}</div>'
        for option in each["options"]
    )


def _gallery(each: Json, names: Names) -> str:
    return "".join(picture(item["media"]["url"].removeprefix(ATTACHED), item["description"]) for item in each["items"])


def _file(each: Json, names: Names) -> str:
    return file_shown(each["file"]["url"].removeprefix(ATTACHED), int(each.get("size", 0)))


def file_shown(name: str, size: int) -> str:
    """A file that goes along with a message."""
    return f'<div class="file"><a>{escape(name)}</a><p>{size / _BYTES_OF_KB:.1f} KB</p></div>'


COMPONENTS: Mapping[int, Callable[[Json, Names], str]] = {
    1: lambda each, names: f'<div class="actions">{_inside(each, names)}</div>',
    2: _button,
    **dict.fromkeys((3, 5, 6, 7, 8), _select),
    4: _text_input,
    9: _section,
    10: lambda each, names: f'<div class="text">{as_html(each["content"], names)}</div>',
    12: _gallery,
    13: _file,
    14: _separator,
    17: _container,
    18: _label,
    **dict.fromkeys((21, 22), _ticks),
}


if __name__ == "__main__":
    sys.exit(draw_folder(sys.argv[1:], "Draw what the app sent to Discord.", page, WIDTH))
