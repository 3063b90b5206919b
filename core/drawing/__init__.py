"""A chart as a picture of letters: SVG, by the standard library. A PNG is made of it behind `core.ports.Drawing`.

    picture.py   the whole of it: what it is about, two large numbers, the bars
    columns.py   bars beside each other, for days      rows.py   bars under each other, for long names
    look.py      colours, sizes, the elements of a picture
    letters.py   which letters a picture can show, and how much room they take
    amounts.py   money in few letters

Why it looks like this, and how it stays readable whatever there is to show: docs/decisions/0039-*.md.
"""
