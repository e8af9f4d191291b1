"""
What the parts of a blueprint are made of: keys, texts, amounts, and the rules all parts share.

Refuses: to know any part.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Language = Literal["en", "hu", "es", "ru", "fa", "fr"]
Digit = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]
Level = Annotated[int, Field(ge=1, le=5)]
Extension = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,6}$")]
UserName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
Money = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}([.][0-9]{1,3})?$")]
# A prompt may last 60 s (the exchange's lease on it), and speech has 15 characters a second.
WORDS_MAX = 900
Words = Annotated[str, StringConstraints(min_length=1, max_length=WORDS_MAX, strip_whitespace=True)]
Text = Words | dict[Language, Words]
Channel = Literal["call", "chat", "mail", "case"]
DutyKey = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}[.][a-z][a-z0-9_]{0,39}$")
]
"""A duty as `department.duty`."""
Share = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[str, StringConstraints(pattern=r"^[a-z]{3}(-[a-z]{3})?$")]
"""`mon` or `mon-fri`."""
Period = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$")]
"""Hours of a day, `08:00-12:30`, half-open, to at most 24:00."""
Date = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Part(BaseModel):
    """What all parts share: unknown keys are refused, and nothing changes after reading."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        defer_build=True,  # The whole file is built once, and its parts are not built before it.
    )


class Named(Part):
    """Something that has only a name."""

    name: Text
