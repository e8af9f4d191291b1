"""
What a person must bring or learn to do a duty: skills that are no queue's skill.

Refuses: to know a person; `records.people` holds who has what.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class Competence:
    """One of them."""

    key: str
    name: Any
    asked: Any
    """How it is asked for in an interview, as a question."""
    seeds: tuple[str, ...] = ()


_ALL = (
    Competence(
        key="listening",
        name=_("Listens and asks back until the matter is understood"),
        asked=_("Tell of a talk in which you first understood something wrong. What did you do?"),
        seeds=("Q10",),
    ),
    Competence(
        key="clear_speech",
        name=_("Speaks clearly and kindly, also when it gets loud"),
        asked=_("Read this text as you would to a customer who is in a hurry."),
    ),
    Competence(
        key="problem_solving",
        name=_("Finds a way where the usual answer does not help"),
        asked=_("Tell of a problem that no instruction covered. How did you solve it?"),
        seeds=("Q10", "Q07"),
    ),
    Competence(
        key="customer_mind",
        name=_("Sees the matter with the customer's eyes"),
        asked=_("What would have made your own last call to a company better?"),
        seeds=("Q10", "Q06"),
    ),
    Competence(
        key="computer",
        name=_("Works quickly and safely with a computer"),
        asked=_(
            "Write down this talk while you hold it, and find the customer's last three calls."
        ),
        seeds=("T20",),
    ),
    Competence(
        key="writing",
        name=_("Writes short and correct texts that are understood at once"),
        asked=_("Answer this angry letter in five sentences."),
    ),
    Competence(
        key="languages",
        name=_("Speaks the customers' language as they do"),
        asked=_("Explain a bill to me in this language, and then why it is too high."),
        seeds=("U44",),
    ),
    Competence(
        key="calm",
        name=_("Stays calm and kind with people who are angry or afraid"),
        asked=_("What do you do in the minute after a hard call?"),
    ),
    Competence(
        key="persuading",
        name=_("Offers what fits, and takes a no for a no"),
        asked=_("Sell me this, and then tell me for whom it is wrong."),
    ),
    Competence(
        key="figures",
        name=_("Reads figures and knows what they do not say"),
        asked=_("This average has risen. Name three causes that are no improvement."),
    ),
    Competence(
        key="planning",
        name=_("Plans ahead and changes the plan when the day wants it"),
        asked=_("Three people are ill this morning. What do you do first, and what not?"),
    ),
    Competence(
        key="teaching",
        name=_("Explains so that others can do it afterwards"),
        asked=_("Teach me something in five minutes, and then see whether I can do it."),
    ),
    Competence(
        key="leading",
        name=_("Leads by example and lets others grow"),
        asked=_("Tell of somebody who became better than you with your help."),
    ),
    Competence(
        key="discretion",
        name=_("Keeps to himself what was confided to him"),
        asked=_("A friend asks whether his neighbor is a customer. What do you say?"),
        seeds=("Q03",),
    ),
    Competence(
        key="judgment",
        name=_("Judges fairly and gives reasons that can be checked"),
        asked=_("Two of your colleagues disagree about the same call. How do you decide?"),
    ),
    Competence(
        key="technical",
        name=_("Finds the cause of a fault step by step"),
        asked=_("Calls break off, but only in the afternoon. What do you look at, in which order?"),
    ),
    Competence(
        key="teamwork",
        name=_("Helps others without being asked, and lets others help"),
        asked=_("When did you last ask a colleague for help, and with what?"),
        seeds=("S06",),
    ),
)

COMPETENCES: dict[str, Competence] = {each.key: each for each in _ALL}
