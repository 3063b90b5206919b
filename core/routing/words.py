"""Words that tell how hard a question is, in the languages teams ask in. A star stands for any ending.

Written for Chipin by looking at what people ask; tests/core/routing/test_difficulty.py says what they get right.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_ONE_WORD = re.compile(r"[^\W\d_]+")
_WRITTEN_APART = re.compile("[^\u0900-\u097f\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3 ;-]+")
"""Not so Hindi and Thai with their vowel signs, Japanese, Chinese, Korean with its endings, nor what is two words."""

_HARD = """
prove, proof*, derive*, design*, architect*, tradeoff*, trade-off*, root cause, race condition*, refactor*, optimise*,
optimize*, debug*, formalise, formalize, theorem*, complexity, concurren*, distributed, strateg*, evaluate, critique,
step by step, edge case*, invariant*, lemma
beweis*, entwirf, entwerfe*, entwurf*, architektur*, abwäg*, wäge*, herleit*, optimier*, ursache*, nebenläufig*
démontre*, démontrer, prouve*, conçois, concevoir, conception, compromis, optimise*, stratégie*
demuestr*, demostrar, diseñ*, arquitectura, optimiz*, estrategia*
dimostr*, progett*, architettura, ottimizz*, demonstre, projete, arquitetura, otimize
udowodnij, zaprojektuj, bewijs*, ontwerp*, kanıtla*, tasarla*, chứng minh, thiết kế
докаж*, доказ*, спроектир*, архитектур*, выведи*, оптимизир*, доведи, спроєктуй
证明, 設計, 设计, 推导, 架构, 优化, 权衡, 証明, 最適化, 증명, 설계, 최적화, พิสูจน์, ออกแบบ
أثبت, صمم, برهن, हल करो, सिद्ध, डिज़ाइन, הוכח, תכנן
"""

_TO_THINK = """
why, how come, compare*, explain*, analyse*, analyze*, review*, pros and cons, difference between, write, draft*,
implement*, fix, improve*, suggest*, recommend*, plan, estimate*
warum, wieso, weshalb, vergleich*, erklär*, analysier*, schreib*, unterschied*, prüfe*, verbesser*, empfiehl*
pourquoi, compare*, expliqu*, analys*, rédige*, écris, écrire, différence*, améliore*
por qué, compara*, explica*, analiza*, escribe*, redacta*, diferencia*, mejora*
perché, spiega*, confronta*, scrivi, differenza, por que, explique*, escreva, diferença
dlaczego, porównaj, wyjaśnij, waarom, vergelijk*, leg uit, neden, karşılaştır*, açıkla*, tại sao, so sánh
почему, сравни*, объясни*, напиши*, чому, порівняй
为什么, 比较, 解释, 分析, なぜ, 比較, 説明, 왜, 비교, 설명, ทำไม, เปรียบเทียบ
لماذا, قارن, اشرح, क्यों, तुलना, समझा*, למה, השווה, הסבר
"""

_EASY = """
translate*, spell*, define, rename, shorten, summarise, summarize, tldr, tl;dr, thanks, thank you, hi, hello, hey,
capital of, what time, proofread
übersetz*, fasse, kürze, danke*, hallo, traduis, traduire, résume*, merci, bonjour, salut
traduce*, traducir, resume*, gracias, hola, traduci, riassumi, grazie, ciao, traduza, resuma, obrigad*
przetłumacz, dziękuję, vertaal, vat samen, bedankt, çevir, teşekkür*, dịch, cảm ơn
переведи*, спасибо, привет, переклади, дякую
翻译, 总结, 谢谢, 翻訳, 要約, 번역, 요약, 감사, แปล, ขอบคุณ
ترجم, لخص, شكرا, अनुवाद, धन्यवाद, תרגם, תודה
"""


@dataclass(frozen=True, slots=True)
class Words:
    """Words to look for: whole ones, stems by their first two letters, and what is found anywhere in a text."""

    whole: frozenset[str]
    stems: Mapping[str, tuple[str, ...]]
    anywhere: tuple[str, ...]

    def found_in(self, text: str, words: Iterable[str]) -> set[str]:
        """Which of them a text has; `words` are those of `words_of` it. Each counts once, whatever its ending."""
        found = {phrase for phrase in self.anywhere if phrase in text}
        for word in words:
            if word in self.whole:
                found.add(word)
            found.update(stem for stem in self.stems.get(word[:2], ()) if word.startswith(stem))
        return found

    def begin(self, text: str) -> bool:
        """Whether a text begins with one of them."""
        first = _ONE_WORD.search(text)
        if first is None:
            return False
        return text.startswith(self.anywhere, first.start()) or bool(self.found_in("", [first[0]]))


def words_of(text: str) -> set[str]:
    """The words of a text that has been casefolded."""
    return set(_ONE_WORD.findall(text))


def _read(listed: str) -> Words:
    whole, stems, anywhere = set(), defaultdict(list), []
    for entry in listed.replace("\n", ",").split(","):
        word = entry.strip().casefold()
        if not _WRITTEN_APART.fullmatch(word):
            anywhere.append(word.removesuffix("*"))
        elif word.endswith("*"):
            stems[word[:2]].append(word.removesuffix("*"))
        else:
            whole.add(word)
    return Words(
        frozenset(whole),
        {start: tuple(each) for start, each in stems.items()},
        tuple(word for word in anywhere if word),
    )


HARD, TO_THINK, EASY = _read(_HARD), _read(_TO_THINK), _read(_EASY)
