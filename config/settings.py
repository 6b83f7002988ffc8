"""Every setting of Mockboard, read from the environment; the README lists the names.

Nothing here is needed to try it: `./run` starts its own servers and passes their addresses in.
"""

import secrets
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from config.mail import NOWHERE, mail_settings, sender
from config.safety import full_origins, ice_servers, is_https, refuse_unsafe
from config.static import immutable

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
TESTING = "pytest" in sys.modules

DEBUG = env.bool("DEBUG", False)
# A key made here lasts as long as this process: enough for a command, refused by config.asgi.
SECRET_KEY = env.str("SECRET_KEY", "") or secrets.token_urlsafe(48)
PORT = env.int("PORT", 8000)
HERE = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = [host.strip() for host in env.list("ALLOWED_HOSTS", default=HERE)]
PUBLIC_ORIGINS = full_origins(env.list("PUBLIC_ORIGINS", default=[f"http://{host}:{PORT}" for host in HERE]))
CSRF_TRUSTED_ORIGINS = PUBLIC_ORIGINS
CSRF_FAILURE_VIEW = "interviews.views.errors.out_of_date"
refuse_unsafe(origins=PUBLIC_ORIGINS, debug=DEBUG, allowed_hosts=ALLOWED_HOSTS, secret_key=SECRET_KEY)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_celery_beat",
    "django_htmx",
    "django_vite",
    "lucide",
    "template_partials",
    "accounts",
    "casestudies",
    "whiteboard",
    "interviews",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.permissions.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.PersonMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["lucide.templatetags.lucide", "django_htmx.templatetags.django_htmx"],
        },
    }
]

# Django's own pool: under ASGI each request has its own thread, and a connection kept per thread would
# soon exhaust the server (CONN_MAX_AGE must then be 0).
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres://mockboard@127.0.0.1:5432/mockboard")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
# The pool then tries a connection before it hands it out: after a restart of PostgreSQL all are dead.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if not TESTING:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
if REDIS_URL and not TESTING:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
        }
    }
    BOARD_BUS = "whiteboard.bus.RedisBus"  # what processes tell each other about boards
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    BOARD_BUS = "whiteboard.bus.LocalBus"
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# The second reader: any OpenAI-compatible address. Without address and model there is none.
LLM_BASE_URL = env.str("LLM_BASE_URL", "")
LLM_API_KEY = env.str("LLM_API_KEY", "")
LLM_MODEL = env.str("LLM_MODEL", "")
LLM_TIMEOUT_SECONDS = env.float("LLM_TIMEOUT_SECONDS", 60.0)
LLM_RUNS = env.int("LLM_RUNS", 2)
LLM_MOST_TOKENS = env.int("LLM_MOST_TOKENS", 60_000)

# Audio and video go from browser to browser. Without STUN and TURN only their own addresses are tried, and
# nothing is sent to any other host (docs/calls.md).
ICE_SERVERS = ice_servers(
    stun=env.list("ICE_STUN_URLS", default=[]),
    turn=env.list("ICE_TURN_URLS", default=[]),
    secret=env.str("ICE_TURN_SECRET", ""),
    relay_only=env.bool("ICE_RELAY_ONLY", False),
)

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The job row in PostgreSQL is the truth and the sweeper its guard; the broker only wakes a worker.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60,
    "unacked_restore_throttle": 5,
    "socket_connect_timeout": 2,
    "max_retries": 1,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "interviews.schedule.sweep_jobs", "schedule": 10.0},
    # Should a worker come late, one sweep does for all that were missed.
    "sweep-clocks": {
        "task": "interviews.schedule.sweep_clocks",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "sweep-groups": {
        "task": "interviews.schedule.sweep_groups",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "tidy-groups": {
        "task": "interviews.schedule.tidy_groups",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "sweep-exports": {
        "task": "interviews.schedule.sweep_exports",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "sweep-rooms": {"task": "interviews.schedule.sweep_rooms", "schedule": 60.0, "options": {"expires": 60}},
}

EMAIL_CONFIG = mail_settings(env.str("EMAIL_URL", ""))
vars().update(EMAIL_CONFIG)
# For each step of the talk with the mail server: one that hangs must not hold up who waits for a page.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 10)
DEFAULT_FROM_EMAIL = sender(env.str("DEFAULT_FROM_EMAIL", ""), EMAIL_CONFIG)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SENDS_MAIL = EMAIL_CONFIG["EMAIL_BACKEND"] not in NOWHERE
# Called as later(kind, user) with a mail of an account that could not be sent at once (see accounts.post).
MAIL_LATER = "interviews.groups.outbox.put_account_mail"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# A guest is signed in, and may still sign in to an account of theirs.
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
# Without a mail server nobody could ever confirm an address.
ACCOUNT_EMAIL_VERIFICATION = "optional" if SENDS_MAIL else "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Mockboard: "
# Passkeys and nothing else; one is a second way in, never asked for after a password (accounts.adapter).
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_ADAPTER = "accounts.passkeys.PasskeyAdapter"
MFA_FORMS = {"reauthenticate_webauthn": "accounts.passkeys.ConfirmForm"}
# As it locks nobody out, it needs no confirmed address: without a mail server there are none.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# From one address: a lecture hall shares one. Each sign-in counts twice, and holds no secret to be guessed.
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
GUEST_DAYS = 30
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", 120)
# New guests from one address in an hour: a lecture hall shares one, a script makes thousands.
GUESTS_PER_HOUR = env.int("GUESTS_PER_HOUR", 300)
# Called as adopt(guest, account) when a guest signs in to an account of theirs (see accounts.adapter).
GUEST_ADOPTERS = ["interviews.adoption.adopt"]

# Outlives the visit: a guest whose visit is over can still sign up, and keeps the work.
SESSION_COOKIE_AGE = (GUEST_DAYS + 30) * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
HTTPS = any(map(is_https, PUBLIC_ORIGINS))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_SUBDOMAINS", False)
    # Not for us to decide by default: they bind every other site under the same domain.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    # An http origin beside https is this machine's own (others are refused above) and stays reachable.
    SECURE_SSL_REDIRECT = all(map(is_https, PUBLIC_ORIGINS))
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, "'wasm-unsafe-eval'"],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / ".mockboard" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "config.static.Storage"
    },
}
WHITENOISE_IMMUTABLE_FILE_TEST = immutable  # its name would be taken for a pattern
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_AUTOREFRESH = DEBUG or TESTING
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": BASE_DIR / "static" / "board" / "manifest.json",
        "static_url_prefix": "board",
    }
}

# Who does jobs that are no reading of a design, by kind; named here because they reach back to what asks.
JOB_RUNNERS = {"export": "interviews.belongings.exporting.run"}
# What stands on the settings page beside the profile: context from the apps above the accounts.
SETTINGS_SECTIONS = ["interviews.belongings.sections.for_person"]
# What the library asks of the app above it, by name, so that it need not import it.
CASE_RESULTS = "interviews.history.results_for"
CASE_SPOILERS = "interviews.spoilers.may_see"
CASE_BOARD_SVG = "interviews.pictures.reference_svg"
GUIDE_BOARD_SVG = "interviews.pictures.guide_svg"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "uvicorn.access": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
