"""Django's settings, made from the environment (see environment.py; `lianjing doctor` prints them)."""

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from lianjing.core.viewer import System
from lianjing.domain.people.policy import COOL_OFF, FAILURES_AT_MOST
from lianjing.project.environment import Environment

ENVIRONMENT = Environment()
SOURCE = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = ENVIRONMENT.hosts
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.trusted_origins

DATABASES = {"default": dj_database_url.parse(ENVIRONMENT.database_url)}
JOURNAL_PATH = ENVIRONMENT.journal_path
JOURNAL_ATTACH_MODE = "ro"
if ENVIRONMENT.is_sqlite:
    DATABASES["default"]["ENGINE"] = "lianjing.core.sqlite_in_turn"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: an operator's act that was shown as done survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    # Each loop of `work` keeps one for as long as it lives: more than there are loops (workers/process.py).
    POOL_SIZE = 40
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        {"options": "-c search_path=public,journal", "pool": {"min_size": 0, "max_size": POOL_SIZE, "timeout": 2}}
    )
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name, **more}
    for name, more in {
        "default": {},
        # Of a day the verdicts of one company: so many days, those that were looked at last (docs/decisions/0025).
        "past_days": {"TIMEOUT": 86400, "OPTIONS": {"MAX_ENTRIES": 400, "CULL_FREQUENCY": 10}},
    }.items()
}
METRICS_VIEWER = System("metrics")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "lianjing.core.outbox",
    "lianjing.core.submissions",
    "lianjing.domain.records",
    "lianjing.domain.companies",
    "lianjing.domain.people",
    "lianjing.domain.deliveries",
    "lianjing.domain.documents",
    "lianjing.domain.findings",
    "lianjing.domain.facilities",
    "lianjing.domain.sites",
    "lianjing.domain.signals",
    "lianjing.domain.plans",
    "lianjing.domain.incidents",
    "lianjing.domain.dispatch",
    "lianjing.domain.drills",
    "lianjing.domain.reports",
    "lianjing.domain.assessments",
    "lianjing.domain.compliance",
    "lianjing.web.console",
    "lianjing.web.office",
    "lianjing.web.patrol",
    "lianjing.web.police",
]
MIDDLEWARE = [
    "lianjing.web.api.door.RefusalsAsProblems",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lianjing.web.language.LanguageMiddleware",
    "lianjing.web.charset.OnlyUtf8",
    "lianjing.web.posted.PageAbove",
    "lianjing.web.police_reading.PoliceReading",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Calls the view itself: whatever looks at a view before it is called stands above.
    "lianjing.web.once.OnlyOnce",
    # Last, so that a lock-out answers before a view counts another try.
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "lianjing.project.urls"
ASGI_APPLICATION = "lianjing.project.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SOURCE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["lianjing.web.form_keys"],
            "libraries": {
                "desk": "lianjing.web.tags",
                "equipment": "lianjing.web.office.equipment_tags",
                "evidence": "lianjing.web.office.evidence_tags",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Sign-on
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    # Of words that contacts say on the telephone, never of passwords.
    "lianjing.domain.sites.word_digests.WordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "lianjing.web.sign_on.SignOnAdapter"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
# django-axes counts failures in the database, for all processes; allauth's own counter would only be a second one.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
AXES_FAILURE_LIMIT = FAILURES_AT_MOST
AXES_COOLOFF_TIME = COOL_OFF
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

# Second step. Its wrong codes are counted by the action that takes them (domain/people/actions.py, take_code).
MFA_ADAPTER = "lianjing.web.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "lianjing.web.second_factor.SecondStepForm",
    "reauthenticate": "lianjing.web.second_factor.SecondStepAgainForm",
    "activate_totp": "lianjing.web.second_factor.SetUpForm",
}
SECOND_FACTOR_ROLES = ENVIRONMENT.second_factor_roles
SECOND_FACTOR_URL = "mfa_activate_totp"

# Sessions end with the browser, and after 12 hours, the longest shift, in any case.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.https else 0
SECURE_REFERRER_POLICY = "same-origin"
# A table of a thousand zones is sent as one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 15_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
X_FRAME_OPTIONS = "DENY"
TILE_ORIGINS = [ENVIRONMENT.tiles.origin] if ENVIRONMENT.tiles and ENVIRONMENT.tiles.origin else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *TILE_ORIGINS],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Language and time: Chinese first; stored in UTC, shown in the centre's zone.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [SOURCE / "locale"]
LANGUAGE_COOKIE_NAME = "lianjing_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENVIRONMENT.time_zone

if ENVIRONMENT.mail is not None:
    EMAIL_HOST, EMAIL_PORT = ENVIRONMENT.mail.host, ENVIRONMENT.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENVIRONMENT.mail.user, ENVIRONMENT.mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = ENVIRONMENT.mail.scheme == "starttls", ENVIRONMENT.mail.scheme == "smtps"
    DEFAULT_FROM_EMAIL = ENVIRONMENT.mail.sender
EMAIL_TIMEOUT = 20

# Messages to customers: what each way out lacks ("" nothing), where webhooks may go, and how phones reach this server.
DELIVERY_MISSING = {"email": "" if ENVIRONMENT.mail else "LIANJING_SMTP_URL", **ENVIRONMENT.messages.missing}
WEBHOOK_HOSTS = ENVIRONMENT.messages.webhook_hosts
PUBLIC_URL = ENVIRONMENT.messages.public_url

# Scans and drawings. Nothing serves this folder: a view checks who asks, and hands a file out.
MEDIA_ROOT = ENVIRONMENT.data / "files"
POLICE_DESKS = ENVIRONMENT.police_desks
MEDIA_PICTURE_MB, MEDIA_CLIP_MB = ENVIRONMENT.media_picture_mb, ENVIRONMENT.media_clip_mb
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

STATIC_URL = "/static/"
STATIC_FOLDER = SOURCE / "web" / "static"
STATICFILES_DIRS = [STATIC_FOLDER]
# `lianjing web` serves this folder itself (project/web.py): no collecting step that an upgrade could forget.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
    # Setting a page of a call card tells a dozen steps.
    "loggers": {
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
