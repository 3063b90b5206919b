"""Charts as PNG: what `core.ports.Drawing` asks for.

drawing.py    asks a process of its own for a picture, and not for longer than that may take
rasterise.py  that process: SVG in, PNG out, by resvg
fonts/        the letters of every picture, with their licence: never those of the machine
"""
