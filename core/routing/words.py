"""Words that tell how hard a question is, in the languages teams ask in. A star stands for any ending.

Written for Chipin by looking at what people ask; tests/core/routing/test_difficulty.py says what they get right.
"""

import re

_SPELT_TOGETHER = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
"""Thai, Japanese, Chinese, and Korean with its endings: a word may begin anywhere."""

HARD = """
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

TO_THINK = """
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

EASY = """
translate*, spell*, define, rename, shorten, summarise, summarize, tldr, tl;dr, thanks, thank you, hi, hello, hey,
capital of, what time, proofread
übersetz*, fasse, kürze, danke*, hallo, traduis, traduire, résume*, merci, bonjour, salut
traduce*, traducir, resume*, gracias, hola, traduci, riassumi, grazie, ciao, traduza, resuma, obrigad*
przetłumacz, dziękuję, vertaal, vat samen, bedankt, çevir, teşekkür*, dịch, cảm ơn
переведи*, спасибо, привет, переклади, дякую
翻译, 总结, 谢谢, 翻訳, 要約, 번역, 요약, 감사, แปล, ขอบคุณ
ترجم, لخص, شكرا, अनुवाद, धन्यवाद, תרגם, תודה
"""


def pattern_of(words: str, *, at_start: bool = False) -> "re.Pattern[str]":
    """What finds these words, whole and in any case; `at_start`: only where a text begins."""
    listed = [word.strip() for word in words.replace("\n", ",").split(",") if word.strip()]
    together = [re.escape(word) for word in listed if _SPELT_TOGETHER.search(word)]
    apart = [re.escape(word).replace(r"\*", r"\w*") for word in listed if not _SPELT_TOGETHER.search(word)]
    found = rf"(?<!\w)(?:{'|'.join(apart)})(?!\w)|{'|'.join(together)}"
    return re.compile(rf"\W*(?:{found})" if at_start else found, re.IGNORECASE)
