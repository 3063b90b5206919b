"""How hard a question looks. The table says what the features get right, and what they are known to get wrong."""

import pytest

from core.routing.difficulty import LOOKED_AT_CHARS, Difficulty, difficulty_of

TRACE = """Traceback (most recent call last):
  File "/srv/app/jobs.py", line 88, in run
    await self._claim(job)
KeyError: 'lease'
"""
CODE = """```python
def drain(queue):
    for job in queue:
        handle(job)
```"""
EMAIL = "Dear Mr Smith, thank you for your letter of last week about the delivery of the chairs. " * 8

SHORT = [
    "what is the capital of France?",
    "what is a deadlock?",
    "why does my migration deadlock?",
    "hi",
    "thanks!",
    "What does HTTP 409 mean?",
    "how many grams are in an ounce",
    "synonym for happy",
    "Translate to German: the meeting is moved to Thursday",
    "define idempotent",
    "spell accommodation",
    "Wie spät ist es in Tokio?",
    "Übersetze ins Englische: Wir treffen uns morgen um neun.",
    "Was heißt Rechnung auf Englisch?",
    "Quelle est la capitale du Pérou ?",
    "Traduis en anglais : à demain",
    "¿Qué hora es en Lima?",
    "Traduce al inglés: hasta mañana",
    "Qual è la capitale dell'Australia?",
    "Jaka jest stolica Czech?",
    "Hoe heet de hoofdstad van België?",
    "какая столица Норвегии?",
    "переведи на английский: до завтра",
    "法国的首都是哪里?",
    "翻译成英文:明天见",
    "フランスの首都はどこですか",
    "프랑스의 수도는?",
    "ما هي عاصمة فرنسا؟",
    "फ्रांस की राजधानी क्या है?",
    "เมืองหลวงของฝรั่งเศสคืออะไร",
    f"Summarise this in one sentence: {EMAIL}",
]
EVERYDAY = [
    "Compare these two offers and explain which one you would take.",
    "Write a friendly reply to this customer and suggest a new delivery date.",
    "Explain the difference between TCP and UDP to a new colleague, and why we use both.",
    f"What does this do?\n{CODE}",
    f"{EMAIL}\nPlease write an answer that declines politely.",
    "Erkläre mir den Unterschied zwischen einer GmbH und einer UG.",
    "Schreib eine kurze Absage und erkläre, warum wir den Termin nicht halten.",
    "Explique-moi la différence entre brut et net.",
    "Explica la diferencia entre un contrato fijo y uno temporal.",
    "Spiega la differenza tra IVA inclusa ed esclusa.",
    "объясни, почему небо голубое, и сравни с закатом",
    "解释一下增值税和消费税,并比较它们",
    "有限会社と株式会社の違いを説明して、比較してください",
    "부가세와 소득세의 차이를 설명하고 비교해 줘",
    "اشرح الفرق بين الاسمين ثم قارن بينهما",
    "समझाओ कि आयकर क्या है और जीएसटी से तुलना करो",
    "Design a logo brief",
    "Solve x^2 - 5x + 6 = 0",
]
HARD = [
    "Design a distributed job queue and prove that no job runs twice. What are the trade-offs?",
    f"My worker crashes, find the root cause and fix it:\n{TRACE}\n{CODE}",
    "Prove that the square root of 2 is irrational, step by step, and derive the general theorem.",
    f"Refactor this for concurrency, and optimise it:\n{CODE}",
    "Design the architecture of our billing system: compare event sourcing with a ledger, and evaluate the risks.",
    "Entwirf die Architektur für ein verteiltes System und beweise, dass keine Nachricht verloren geht.",
    "Conçois une architecture tolérante aux pannes et démontre qu'elle ne perd rien. Compare les compromis.",
    "Diseña la arquitectura de un sistema de pagos y demuestra que nadie paga dos veces. Compara estrategias.",
    "Спроектируй архитектуру очереди и докажи, что сообщения не теряются. Сравни варианты.",
    "设计一个分布式系统的架构,并证明它不会丢失消息",
    "分散システムのアーキテクチャを設計し、その正しさを証明してください。最適化も説明して",
    "분산 시스템을 설계하고 정확성을 증명해 줘. 왜 그런지 설명도",
]
KNOWN_TO_BE_WRONG = [
    # It looks easy: the difficulty is in what is known about it, not in the words.
    ("Is P equal to NP?", 1),
    ("Who is right, Bohr or Einstein?", 1),
    # It looks hard: the words are, the question is not.
    ("What does the theorem say about complexity, and who is the architect of the proof?", 3),
]


@pytest.mark.parametrize("text", SHORT)
def test_what_a_quick_model_answers_as_well(text: str) -> None:
    assert difficulty_of(text).tier == 1, difficulty_of(text)


@pytest.mark.parametrize("text", EVERYDAY)
def test_what_needs_an_everyday_model(text: str) -> None:
    assert difficulty_of(text).tier == 2, difficulty_of(text)


@pytest.mark.parametrize("text", HARD)
def test_what_needs_the_best(text: str) -> None:
    assert difficulty_of(text).tier == 3, difficulty_of(text)


@pytest.mark.parametrize(("text", "tier"), KNOWN_TO_BE_WRONG)
def test_what_looks_cannot_tell_is_known(text: str, tier: int) -> None:
    assert difficulty_of(text).tier == tier


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("hi", "short question"),
        (f"Summarise this: {EMAIL}", "simple task"),
        (TRACE, "an error to find"),
        (f"{CODE}\nwhat does this do", "code to read"),
        ("Solve x^2 - 5x + 6 = 0", "maths to work out"),
        ("lorem ipsum dolor sit amet " * 200, "long text to work through"),
    ],
)
def test_it_says_why_in_a_few_plain_words(text: str, because: str) -> None:
    assert difficulty_of(text).because == because


def test_pictures_and_a_long_conversation_make_it_harder() -> None:
    assert difficulty_of("what is this?").tier == 1
    assert difficulty_of("what is this?", images=1) == Difficulty(2, "a picture to look at")
    assert difficulty_of("what is this?", images=2).because == "pictures to look at"
    assert difficulty_of("why?", history_chars=20_000).tier == 2


def test_of_a_long_text_its_beginning_and_its_end_are_looked_at() -> None:
    padding = "so it goes. " * (LOOKED_AT_CHARS // 4)
    hard = "Design a distributed queue and prove it."
    assert difficulty_of(hard + padding).tier == difficulty_of(padding + hard).tier == 3
    assert difficulty_of(padding + hard + padding).tier == 2


@pytest.mark.parametrize("text", ["", " ", "?" * 400_000, "a" * 400_000, " " * 400_000, "\n" * 400_000, "{" * 400_000])
def test_nothing_breaks_it(text: str) -> None:
    assert difficulty_of(text).tier in (1, 2, 3)
