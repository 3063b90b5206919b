"""What is told later, as blocks: the end of an ask that its asker has not seen."""

from adapters.slack.views.carried import Action, Carried
from adapters.slack.views.shown import Footer, Json, actions, aside, button
from core.announcement import Announcement
from core.text.neutralise import for_slack


def late_text(announcement: Announcement) -> str:
    """What happened, and the answer if there is one, as Markdown."""
    return for_slack("\n\n".join(text for text in (announcement.heading, announcement.answer) if text))


def late_footer(announcement: Announcement, channel_id: str, thread_ts: str) -> Footer:
    """The receipt, and what can be pressed: in a thread by whoever asked it alone."""
    asker = announcement.to.user if announcement.to is not None else ""
    buttons: list[Json] = []
    if announcement.press:
        press = Carried(asker=asker, press=announcement.press, channel=channel_id, thread=thread_ts)
        buttons.append(button("Try again", Action.AGAIN, press.value, style="primary"))
    if announcement.answer:
        buttons.append(button("Details", Action.DETAILS, Carried(ask_id=announcement.ask_id).value))
    receipt = [aside(announcement.footer)] if announcement.footer else []
    return Footer((*receipt, *([actions(*buttons)] if buttons else [])), for_slack(announcement.footer))
