"""
A text of the file by language, as records and pages keep it.

Refuses: to choose a language for a reader; `kernel.names` does.
"""

from callfloor.blueprint import schema


def texts(text: schema.Text | None) -> dict[str, str]:
    """Return a text by language; one that is for everybody stands as English, none as nothing."""
    if text is None:
        return {}
    if isinstance(text, str):
        return {"en": text}
    return {str(language): words for language, words in text.items()}
