"""All settings, read from the environment; a bad value stops the start with a message that names it.

Every variable is described in ``docs/reference/settings.md``. ``kansatsu serve --production`` refuses what is unsafe.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError, validate

HOUSE = Path(__file__).resolve().parent
PROJECT = HOUSE.parent.parent
DEFAULT_KEY = "development-only-key-that-production-refuses"

env = Env(prefix="KANSATSU_")


def _read(reader: Any, name: str, **options: Any) -> Any:
    try:
        return reader(name, **options)
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(f"KANSATSU_{name}: {error}") from error


def _port(parts: SplitResult, name: str) -> int | None:
    try:
        return parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: the port is no number between 0 and 65535") from error


def _database(url: str) -> dict[str, Any]:
    """The database behind ``DATABASE_URL``: ``sqlite:////absolute/path`` or ``postgresql://user:secret@host:port/name``."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and parts.path.startswith("//"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            "TEST": {"NAME": unquote(parts.path[1:]) + ".test"},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
            },
        }
    if parts.scheme in {"postgresql", "postgres"} and parts.path.strip("/"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(_port(parts, "DATABASE_URL") or ""),
            "CONN_MAX_AGE": 60,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    raise ImproperlyConfigured(
        "DATABASE_URL: use sqlite:////absolute/path/to/file or postgresql://user:password@host:port/name"
    )


MODE = _read(env.str, "MODE", default="development", validate=validate.OneOf(["development", "production"]))
PRODUCTION = MODE == "production"
DEBUG = _read(env.bool, "DEBUG", default=False)
SECRET_KEY = _read(env.str, "SECRET_KEY", default=DEFAULT_KEY, validate=validate.Length(min=32))
VAR = _read(env.path, "VAR", default=PROJECT / "var")
SITE_URL = _read(env.str, "SITE_URL", default="http://127.0.0.1:8000", validate=validate.Regexp(r"https?://[^/]+$"))
ALLOWED_HOSTS = _read(env.list, "HOSTS", default=[urlsplit(SITE_URL).hostname or "", "127.0.0.1", "localhost"])
TRUSTED_PROXIES = _read(env.int, "TRUSTED_PROXIES", default=0, validate=validate.Range(min=0, max=5))
CSRF_TRUSTED_ORIGINS = [SITE_URL]
FILES_ROOT = str(_read(env.path, "FILES", default=VAR / "files"))
FILE_LIMIT = _read(env.int, "FILE_LIMIT_MIB", default=50, validate=validate.Range(min=1, max=2048)) * 2**20
IMPORT_LIMITS = {
    "bytes": _read(env.int, "IMPORT_MIB", default=20, validate=validate.Range(min=1, max=512)) * 2**20,
    "unpacked_bytes": _read(env.int, "IMPORT_UNPACKED_MIB", default=200, validate=validate.Range(min=1, max=4096))
    * 2**20,
    "rows": _read(env.int, "IMPORT_ROWS", default=20_000, validate=validate.Range(min=100, max=1_000_000)),
    "depth": _read(env.int, "IMPORT_DEPTH", default=64, validate=validate.Range(min=16, max=120)),
    "seconds": _read(env.int, "IMPORT_SECONDS", default=20, validate=validate.Range(min=1, max=600)),
    "memory_bytes": _read(env.int, "IMPORT_MEMORY_MIB", default=1024, validate=validate.Range(min=256, max=65_536))
    * 2**20,
}
LOG_FORMAT = _read(
    env.str, "LOG_FORMAT", default="json" if PRODUCTION else "text", validate=validate.OneOf(["json", "text"])
)
LOG_LEVEL = _read(
    env.str,
    "LOG_LEVEL",
    default="INFO" if PRODUCTION else "WARNING",
    validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]),
)

DATABASES = {"default": _database(Env().str("DATABASE_URL", f"sqlite:///{VAR.absolute()}/kansatsu.sqlite3"))}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache", "TIMEOUT": 3600}
}

INSTALLED_APPS = [
    "kansatsu.core",
    "kansatsu.accounts",
    "kansatsu.assurance.criteria",
    "kansatsu.assurance.providers",
    "kansatsu.assurance.statements",
    "kansatsu.assurance.audits",
    "kansatsu.assurance.reviews",
    "kansatsu.assurance.register",
    "kansatsu.web",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "django_structlog",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kansatsu.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kansatsu.web.middleware.ActorMiddleware",
    "kansatsu.web.middleware.GateMiddleware",
    "kansatsu.web.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "kansatsu.web.urls"
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "DIRS": [HOUSE / "web" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kansatsu.web.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django.contrib.humanize.templatetags.humanize",
                "kansatsu.web.templatetags.kansatsu",
            ],
        },
    }
]
FORM_RENDERER = "kansatsu.pages.rendering.Renderer"

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [HOUSE / "web" / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = str(VAR / "static") if PRODUCTION else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_ROOT}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 8000

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "kansatsu.accounts.passwords.HouseRule"}]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "kansatsu.accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SITE_URL.startswith("https://")
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kansatsu.web.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if PRODUCTION and SESSION_COOKIE_SECURE:
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

_mail = urlsplit(_read(env.str, "MAIL_URL", default=""))
if _mail.scheme in {"smtp", "smtps", "smtp+starttls"} and _mail.hostname:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = (
        _mail.hostname,
        _port(_mail, "KANSATSU_MAIL_URL") or {"smtp": 25, "smtps": 465}.get(_mail.scheme, 587),
    )
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp+starttls"
    EMAIL_TIMEOUT = 20
elif not _mail.geturl():
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR / "mail")
else:
    raise ImproperlyConfigured("KANSATSU_MAIL_URL: use smtp://, smtps:// or smtp+starttls://user:password@host:port")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _read(env.str, "MAIL_FROM", default="kansatsu@localhost")
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "OPTIONS": {}}}
SILENCED_SYSTEM_CHECKS: list[str] = []

DJANGO_STRUCTLOG_COMMAND_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
_KEYS_IN_PATHS = re.compile(r"(/invitations/|/password/reset/key/)[^/\s\"']+")


def _without_keys(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Addresses that are keys to an account do not reach the logs."""
    return {
        name: _KEYS_IN_PATHS.sub(r"\1[key]", value) if isinstance(value, str) else value
        for name, value in event.items()
    }


_shared_processors: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
    _without_keys,
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "house": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared_processors,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False)
                if LOG_FORMAT == "json"
                else structlog.dev.ConsoleRenderer(colors=False),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "house"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {"django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_shared_processors,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
