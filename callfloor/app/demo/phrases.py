"""What the demo's callers and agents say to one another: short, made up, in their language."""

from collections.abc import Iterable

from callfloor.app.prompts.jobs import Job

CALLER = {
    "en": (
        "Hello. I have a question about my last bill. It is twice as high as in spring.",
        "Good day. The hot water has been cold since this morning. Can somebody come?",
        "Hi, I moved last week, and I would like to tell you my new address.",
        "I would like to change my journey to the following Saturday, if there is a seat.",
    ),
    "hu": (
        "Jó napot kívánok! Az utolsó számlámról szeretnék érdeklődni.",
        "Üdvözlöm! Reggel óta nincs meleg víz nálunk. Tudnának küldeni valakit?",
    ),
}
AGENT = {
    "en": (
        "Good day, thank you for waiting. Let me see what I can do for you.",
        "I understand. One moment, I am looking it up. Yes, I have it here.",
        "That is settled now. You will get a letter within a few days.",
    ),
    "hu": (
        "Jó napot kívánok, köszönöm a türelmét. Máris megnézem.",
        "Értem. Rögtön megvan. Igen, itt látom a rendszerben.",
    ),
}


def jobs(languages: Iterable[str]) -> list[Job]:
    """Return what is to be spoken; languages without phrases of their own have English ones."""
    return [
        Job(f"{who}_{index}", language, text)
        for who, phrases in (("caller", CALLER), ("agent", AGENT))
        for language in sorted({each if each in phrases else "en" for each in languages})
        for index, text in enumerate(phrases[language])
    ]
