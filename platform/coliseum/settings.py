"""All settings of the site: each one variable COLISEUM_..., with a default that suits a laptop."""

import hashlib
import os
import secrets
from pathlib import Path

import dj_database_url

from coliseum.environment import SettingError, flag, number, text, words

# Before NumPy is loaded anywhere: with a thread a core, the small fits of a league take ten times as long
# on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

SOURCE = Path(__file__).resolve().parent
ROOT = SOURCE.parent.parent
FRONTEND = ROOT / "frontend" if (ROOT / "frontend").is_dir() else SOURCE / "_frontend"
HOME = Path(text("COLISEUM_HOME", str(ROOT / ".coliseum"))).resolve()
PRODUCTION = flag("COLISEUM_PRODUCTION", False)
DEBUG = flag("COLISEUM_DEBUG", False)


def _secret_key() -> str:
    """Return the configured key, or on a laptop one made once and kept in the home folder."""
    given = text("COLISEUM_SECRET_KEY")
    if PRODUCTION and (len(given) < 32 or len(set(given)) < 8):
        raise SettingError("COLISEUM_SECRET_KEY must be at least 32 random characters in production.")
    if given:
        return given
    kept = HOME / "secret_key"
    if not kept.exists():
        HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = HOME / f".secret_key.{secrets.token_hex(4)}"
        draft.write_text(secrets.token_urlsafe(48))
        draft.chmod(0o600)
        try:
            # A hard link fails when another process was first: all of them then read the same key.
            kept.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept.read_text()


SECRET_KEY = _secret_key()
PORT = number("COLISEUM_PORT", 8000, least=1)
HOST = text("COLISEUM_HOST", "127.0.0.1")
SITE_URL = text("COLISEUM_SITE_URL", f"http://{'localhost' if HOST == '127.0.0.1' else HOST}:{PORT}")
ALLOWED_HOSTS = words("COLISEUM_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("COLISEUM_TRUSTED_ORIGINS", SITE_URL)
if PRODUCTION and DEBUG:
    raise SettingError("COLISEUM_DEBUG must be off in production.")
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise SettingError("COLISEUM_ALLOWED_HOSTS must name the hosts in production, not '*'.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django_htmx",
    "csp",
    "ninja",
    "coliseum.accounts",
    "coliseum.competitions",
    "coliseum.submissions",
    "coliseum.matches",
    "coliseum.leaderboards",
    "coliseum.tournaments",
    "coliseum.league",
]

MIDDLEWARE = [
    "coliseum.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "coliseum.middleware.refusals",
]

ROOT_URLCONF = "coliseum.urls"
ASGI_APPLICATION = "coliseum.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [FRONTEND / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "coliseum.pages.context.site",
            ],
        },
    },
]

# SQLite in WAL mode on a laptop: IMMEDIATE avoids upgrades of read locks. FULL makes an accepted upload and
# a finished match survive a power cut; see "Why" in ARCHITECTURE.md.
DATABASES = {
    "default": dj_database_url.parse(
        text("COLISEUM_DATABASE_URL", f"sqlite:///{HOME}/coliseum.sqlite3"), conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {"options": "-c statement_timeout=15000"}
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [FRONTEND / "static"]
MEDIA_ROOT = Path(text("COLISEUM_FILES", str(HOME / "files")))
STORAGES = {
    "default": {
        "BACKEND": "coliseum.storage.AtomicFileStorage",
        "OPTIONS": {"location": MEDIA_ROOT, "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
SERVESTATIC_USE_FINDERS = not PRODUCTION
SERVESTATIC_AUTOREFRESH = DEBUG

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if SITE_URL.startswith("https") else 0
if flag("COLISEUM_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "coliseum.pages.failures.csrf_failed"
CONTENT_SECURITY_POLICY = {
    # Django's own admin pages carry a few inline styles; they are for staff alone, on a path of their own.
    "EXCLUDE_URL_PREFIXES": ["/staff/"],
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_TEMP_DIR = HOME / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
UPLOAD_MAX_BYTES = number("COLISEUM_UPLOAD_MAX_MB", 50, least=1) * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

EMAIL_BACKEND = text("COLISEUM_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")

# The queue. One Redis protocol everywhere: an embedded Valkey on a laptop, Redis or Valkey on a cluster.
# A Unix socket's path may have 107 bytes at most; a deep home folder gets a short stand-in of its own.
SOCKET_FOLDER = (
    HOME
    if len(str(HOME)) < 90
    else Path("/tmp") / f"coliseum-{os.getuid()}-{hashlib.sha256(str(HOME).encode()).hexdigest()[:12]}"  # noqa: S108
)
BROKER_URL = text("COLISEUM_BROKER_URL", f"redis+socket://{SOCKET_FOLDER}/valkey.sock?virtual_host=0")
LEASE_SECONDS = number("COLISEUM_LEASE_SECONDS", 30, least=2)
MATCH_ATTEMPTS = number("COLISEUM_MATCH_ATTEMPTS", 3, least=1)
BATCH_SECONDS = number("COLISEUM_BATCH_SECONDS", 1, least=1)
BATCH_MATCHES = number("COLISEUM_BATCH_MATCHES", 64, least=1)
MINIMUM_ISOLATION = number("COLISEUM_MIN_ISOLATION", 2)
AUDIT_PER_MILLE = number("COLISEUM_AUDIT_PER_MILLE", 5)
LEAGUE_MATCHES_AHEAD = number("COLISEUM_LEAGUE_MATCHES_AHEAD", 4, least=1)
LEAGUE_TARGET_MATCHES = number("COLISEUM_LEAGUE_TARGET_MATCHES", 200, least=1)
LIVE_TABLES = number("COLISEUM_LIVE_TABLES", 12, least=1)
LIVE_WAITING = number("COLISEUM_LIVE_WAITING", 20)
LIVE_TABLES_PER_ADDRESS = number("COLISEUM_LIVE_TABLES_PER_ADDRESS", 20, least=1)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "coliseum.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": text("COLISEUM_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "uvicorn.access": {"level": "WARNING", "propagate": False},
    },
}
