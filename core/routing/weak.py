"""Whether a first answer is weak: short, and saying of itself that it does not know. Local and free."""

WEAK_AT_MOST_CHARS = 280
"""A longer answer says something, whatever it says of itself: it is never called weak."""

_ADMISSIONS = (
    "i don't know", "i do not know", "i'm not sure", "i am not sure", "i can't answer", "i cannot answer",
    "i can't help", "i cannot help", "i'm unable to", "i am unable to", "i don't have enough information",
    "i do not have enough information", "as an ai", "as a language model", "beyond my capabilities",
    "ich weiß es nicht", "ich weiß nicht", "ich bin mir nicht sicher", "ich kann das nicht beantworten",
    "je ne sais pas", "je ne suis pas sûr", "je ne peux pas répondre", "no lo sé", "no sé", "no estoy seguro",
    "no puedo responder", "non lo so", "non sono sicuro", "não sei", "não tenho certeza", "ik weet het niet",
    "nie wiem", "わかりません", "分かりません", "我不知道", "我不确定", "无法回答", "모르겠습니다",
    "я не знаю", "не уверен", "bilmiyorum",
)  # fmt: skip


def is_weak(answer: str) -> bool:
    """Whether another model should answer instead. Only for questions that are no trifle: of those, short is right."""
    said = " ".join(answer.split()).casefold().replace("’", "'")
    return len(said) <= WEAK_AT_MOST_CHARS and any(admission in said for admission in _ADMISSIONS)
