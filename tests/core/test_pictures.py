from base64 import b64encode

import pytest

from core.errors import BadInput
from core.pictures import MAX_PICTURE_BYTES, picture_of

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PNG + b"...", "image/png"),
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"GIF87a...", "image/gif"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
    ],
)
def test_a_picture_is_told_by_its_first_bytes(data: bytes, media_type: str) -> None:
    picture = picture_of(data, "holiday.txt")
    assert (picture.media_type, picture.data) == (media_type, data)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"RIFF\x24\x00\x00\x00WAVEfmt ", b"<svg>", b"GIF88a", b"PNG"])
def test_what_is_no_picture_is_refused_whatever_it_is_called(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"holiday\.png is no picture that can be sent\. Save it as PNG"):
        picture_of(data, "holiday.png")


def test_a_picture_may_have_five_megabytes_of_base64_and_no_byte_more() -> None:
    assert len(b64encode(bytes(MAX_PICTURE_BYTES))) == 5 * 1024 * 1024
    largest = PNG + bytes(MAX_PICTURE_BYTES - len(PNG))
    assert picture_of(largest, "a").data == largest
    with pytest.raises(BadInput, match=r"larger than 3.75 MB.*Make it smaller"):
        picture_of(largest + b"\0", "a")
