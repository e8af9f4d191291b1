"""
Django's settings of web and worker, all of them from the environment and one data folder.

CALLFLOOR_DATA   the centre's folder; ./data if it is not set
DATABASE_URL     postgres://user:password@host:port/name; SQLite files in the folder without it
CALLFLOOR_HOSTS  names under which pages are asked for, with commas
CALLFLOOR_HTTPS  1 if a proxy in front speaks TLS, so that cookies are sent over nothing else;
                 `direct` or `self` if we do, with a certificate of others or of our own
CALLFLOOR_CHAT_SITES   origins whose pages may show the chat, with spaces; any page without it
CALLFLOOR_CERTIFICATE   the certificate, to tell how long it holds
CALLFLOOR_HOOK_HOSTS   names, with commas, that webhooks may reach though they are in our own net
CALLFLOOR_TURN_URL, CALLFLOOR_TURN_USER   a relay for agents' browsers
CALLFLOOR_PASSWORDS   the file with its password, and with the one of /metrics

Refuses: secrets in the file, and an address to listen on (that is the supervisor's).
"""

import os
from pathlib import Path

from callfloor.app import passwords
from callfloor.app.database import databases
from callfloor.app.manifests import ROOMS
from callfloor.kernel.keys import files

PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("CALLFLOOR_DATA") or "data").resolve()
HTTPS_BY = os.environ.get("CALLFLOOR_HTTPS", "")
HTTPS_FILE = os.environ.get("CALLFLOOR_CERTIFICATE", "")
HTTPS = HTTPS_BY in ("1", "direct", "self")

SECRET_KEY = files.secret(data=DATA)
DEBUG = False
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *filter(None, os.environ.get("CALLFLOOR_HOSTS", "").split(",")),
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    *ROOMS,
    "callfloor.app",  # Last: it joins departments, roles and reactions when all others are ready.
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "callfloor.ui.security.policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "callfloor.ui.zone.of_centre",
    "callfloor.ui.errors.refusals",
]

ROOT_URLCONF = "callfloor.app.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours come before those of the libraries, so that sign-in looks like the rest.
        "DIRS": [PACKAGE / "ui" / "templates", PACKAGE / "desk" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "callfloor.ui.context.look",
                "callfloor.desk.home.entrance.entrance",
            ],
        },
    },
]

# --- What is kept ---------------------------------------------------------------------------------

DATABASES = databases(url=os.environ.get("DATABASE_URL", ""), data=DATA)
DATABASE_ROUTERS = ["callfloor.kernel.database.KeysRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Signing in -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "callfloor.app.accounts.PeopleBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},  # ASVS 5.0 6.2.1 asks for 8 and advises 15.
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "callfloor.app.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "key"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": False}  # django-axes counts, per person and address.
MFA_ADAPTER = "callfloor.app.accounts.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Callfloor"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # Hours, as for SIP (TRUST.md 4).
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # Who signs in stands in the audit log.
AXES_VERBOSE = False

SESSION_ENGINE = "callfloor.app.sessions"  # Django's table, read quicker.
SESSION_COOKIE_AGE = 12 * 3600  # One shift with overtime.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "callfloor.ui.errors.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS_BY == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Not with a certificate of our own: a browser that has learnt it lets nobody confirm a new one.
SECURE_HSTS_SECONDS = 365 * 86_400 if HTTPS_BY in ("1", "direct") else 0

PASSWORDS_FILE = Path(os.environ.get("CALLFLOOR_PASSWORDS") or passwords.place(DATA))
CERTIFICATE = Path(HTTPS_FILE) if HTTPS_FILE else None
CHAT_SITES = os.environ.get("CALLFLOOR_CHAT_SITES") or "*"
HOOK_HOSTS = frozenset(filter(None, os.environ.get("CALLFLOOR_HOOK_HOSTS", "").split(",")))
TURN_URL = os.environ.get("CALLFLOOR_TURN_URL", "")
TURN_USER = os.environ.get("CALLFLOOR_TURN_USER", "")

# --- Languages ------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("hu", "Magyar"),
    ("es", "Español"),
    ("ru", "Русский"),
    ("fa", "فارسی"),
    ("fr", "Français"),
]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files, logs ----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = None  # Files are served from where they lie; nothing is collected.
WHITENOISE_USE_FINDERS = True  # No step between changing a file and seeing it.
WHITENOISE_AUTOREFRESH = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "callfloor.app.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "ERROR"},  # Its warnings quote what was typed as a name.
        "fontTools": {"level": "WARNING"},  # It tells of every glyph that a PDF leaves out.
    },
}
