"""
What every centre can say without writing it: place in line, thanks, apologies; in six languages.

A blueprint that has a prompt of the same name says its own. Refuses: sound, which is made by
`app.prompts`.
"""

from callfloor.core import audio

PROMPTS: dict[str, dict[str, str]] = {
    "queue_position": {
        "en": "Your place in line is",
        "hu": "Az Ön helye a várakozók között:",
        "es": "Su lugar en la cola es el",
        "ru": "Ваше место в очереди:",
        "fa": "جایگاه شما در صف:",
        "fr": "Votre place dans la file :",
    },
    "queue_position_many": {
        "en": "There are more than thirty callers before you.",
        "hu": "Több mint harmincan várakoznak Ön előtt.",
        "es": "Hay más de treinta llamadas delante de la suya.",
        "ru": "Перед вами больше тридцати звонков.",
        "fa": "بیش از سی نفر پیش از شما در صف هستند.",
        "fr": "Plus de trente appels sont avant le vôtre.",
    },
    "one_moment": {
        "en": "One moment, please.",
        "hu": "Egy pillanat türelmét kérjük.",
        "es": "Un momento, por favor.",
        "ru": "Одну минуту, пожалуйста.",
        "fa": "یک لحظه، لطفاً.",
        "fr": "Un instant, s'il vous plaît.",
    },
    "goodbye": {
        "en": "Thank you for calling. Goodbye.",
        "hu": "Köszönjük hívását. Viszonthallásra.",
        "es": "Gracias por llamar. Hasta luego.",
        "ru": "Спасибо за звонок. До свидания.",
        "fa": "از تماس شما سپاسگزاریم. خدانگهدار.",
        "fr": "Merci de votre appel. Au revoir.",
    },
}
"""Prompts by key, then by language; each has all languages of the schema."""

SOUNDS = ("hold_music", "ring_tone", "supervision_tone")
"""Sounds without language; they lie in `prompts/any/`."""

NUMBER_MAX = audio.SPOKEN_NUMBER_MAX
"""The highest place in line that is said as a number; beyond it stands `queue_position_many`."""
