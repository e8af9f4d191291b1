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
    "callback_opens": {
        "en": "We are closed now. We will call you when we open:",
        "hu": "Most zárva vagyunk. Nyitáskor visszahívjuk:",
        "es": "Ahora está cerrado. Le llamaremos cuando abramos:",
        "ru": "Сейчас мы закрыты. Мы перезвоним, когда откроемся:",
        "fa": "اکنون تعطیل هستیم. هنگام شروع کار با شما تماس می‌گیریم:",
        "fr": "Nous sommes fermés. Nous vous rappellerons à l'ouverture :",
    },
    "callback_closed": {
        "en": "We are closed now. We will call you when we open again.",
        "hu": "Most zárva vagyunk. Visszahívjuk, amint újra nyitva leszünk.",
        "es": "Ahora está cerrado. Le llamaremos cuando volvamos a abrir.",
        "ru": "Сейчас мы закрыты. Мы перезвоним, когда снова откроемся.",
        "fa": "اکنون تعطیل هستیم. پس از بازگشایی با شما تماس می‌گیریم.",
        "fr": "Nous sommes fermés. Nous vous rappellerons à la réouverture.",
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

DAYS: dict[str, dict[str, str]] = {
    "today": {
        "en": "today", "hu": "ma", "es": "hoy", "ru": "сегодня", "fa": "امروز",
        "fr": "aujourd'hui",
    },
    "tomorrow": {
        "en": "tomorrow", "hu": "holnap", "es": "mañana", "ru": "завтра", "fa": "فردا",
        "fr": "demain",
    },
    "0": {
        "en": "on Monday", "hu": "hétfőn", "es": "el lunes", "ru": "в понедельник",
        "fa": "دوشنبه", "fr": "lundi",
    },
    "1": {
        "en": "on Tuesday", "hu": "kedden", "es": "el martes", "ru": "во вторник",
        "fa": "سه‌شنبه", "fr": "mardi",
    },
    "2": {
        "en": "on Wednesday", "hu": "szerdán", "es": "el miércoles", "ru": "в среду",
        "fa": "چهارشنبه", "fr": "mercredi",
    },
    "3": {
        "en": "on Thursday", "hu": "csütörtökön", "es": "el jueves", "ru": "в четверг",
        "fa": "پنجشنبه", "fr": "jeudi",
    },
    "4": {
        "en": "on Friday", "hu": "pénteken", "es": "el viernes", "ru": "в пятницу",
        "fa": "جمعه", "fr": "vendredi",
    },
    "5": {
        "en": "on Saturday", "hu": "szombaton", "es": "el sábado", "ru": "в субботу",
        "fa": "شنبه", "fr": "samedi",
    },
    "6": {
        "en": "on Sunday", "hu": "vasárnap", "es": "el domingo", "ru": "в воскресенье",
        "fa": "یکشنبه", "fr": "dimanche",
    },
}  # fmt: skip
"""The day on which a queue opens, by what the core says after `day:`; 0 is Monday."""

SOUNDS = ("hold_music", "ring_tone", "supervision_tone")
"""Sounds without language; they lie in `prompts/any/`."""

NUMBER_MAX = audio.SPOKEN_NUMBER_MAX
"""The highest place in line that is said as a number; beyond it stands `queue_position_many`."""
