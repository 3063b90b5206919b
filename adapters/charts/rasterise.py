"""SVG in, PNG out, as a process of its own: `python rasterise.py < picture.svg > picture.png`.

resvg keeps Python's lock while it draws, up to half a second on a small machine: in a thread of the bot, everybody
would wait for it. As a process it can also be ended. It imports nothing of ours, so that it starts at once.
"""

import sys
from pathlib import Path

import resvg_py

FONTS = sorted(str(file) for file in Path(__file__).with_name("fonts").glob("*.ttf"))
PIXELS = 3
"""Of a PNG for each pixel of a phone: as many as its screen has."""


def png(svg: str, pixels: int = PIXELS) -> bytes:
    """The picture, with the shipped letters only. `ValueError`: it is no SVG."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=FONTS, zoom=pixels))


if __name__ == "__main__":
    sys.stdout.buffer.write(png(sys.stdin.buffer.read().decode()))
