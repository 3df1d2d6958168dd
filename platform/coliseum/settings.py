"""All settings of the site: each one variable COLISEUM_..., with a default that suits a laptop."""

import hashlib
import os
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

from coliseum.environment import SettingError, flag, networks, number, text, words
from coliseum.providers import configured_providers, provider_origins

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
    "coliseum.staff.apps.StaffConfig",
    "django_htmx",
    "csp",
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "allauth.idp.oidc",
    "coliseum.idempotency",
    "coliseum.accounts",
    "coliseum.competitions",
    "coliseum.notices",
    "coliseum.submissions",
    "coliseum.matches",
    "coliseum.leaderboards",
    "coliseum.tournaments",
    "coliseum.league",
]

MIDDLEWARE = [
    "coliseum.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "coliseum.middleware.compress",
    "servestatic.middleware.ServeStaticMiddleware",
    "csp.middleware.CSPMiddleware",
    "coliseum.middleware.unstored",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "coliseum.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "coliseum.middleware.tokens_in_addresses",
    "coliseum.middleware.whole_bodies",
    "coliseum.middleware.kept_forms",
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
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
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
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [FRONTEND / "locale"]
FORMAT_MODULE_PATH = ["coliseum.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [FRONTEND / "static"]
STATICFILES_FINDERS = [
    "coliseum.pages.bundles.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
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
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        # Browsers hold redirects after a form against this too.
        "form-action": ["'self'", *provider_origins()],
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

# With a mail server, addresses are asked for and confirmed; without one, mails go to the web server's log.
EMAIL_HOST = text("COLISEUM_EMAIL_HOST")
SENDS_MAIL = bool(EMAIL_HOST)
EMAIL_BACKEND = text(
    "COLISEUM_EMAIL_BACKEND", f"django.core.mail.backends.{'smtp' if SENDS_MAIL else 'console'}.EmailBackend"
)
EMAIL_PORT = number("COLISEUM_EMAIL_PORT", 587, least=1)
EMAIL_HOST_USER = text("COLISEUM_EMAIL_USER")
EMAIL_HOST_PASSWORD = text("COLISEUM_EMAIL_PASSWORD")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = text(
    "COLISEUM_EMAIL_FROM", f"Coliseum <coliseum@{urlsplit(SITE_URL).hostname}>"
)

# Networks that webhooks may lead into beside the public one: for intranets and for trying receivers at home.
WEBHOOKS_ALLOW = networks("COLISEUM_WEBHOOKS_ALLOW")

ADMIN_PATH = text("COLISEUM_ADMIN_PATH", "staff").strip("/") + "/"
if not re.fullmatch(r"[a-z0-9-]+/", ADMIN_PATH):
    raise SettingError(f"COLISEUM_ADMIN_PATH must be small letters, digits and dashes, not {ADMIN_PATH!r}.")

# Accounts are allauth's, at addresses of ours (pages/account_urls.py); see docs/operator.md.
OPEN_SIGN_UP = flag("COLISEUM_OPEN_SIGN_UP", True)
SOCIALACCOUNT_PROVIDERS = configured_providers()
INSTALLED_APPS += [f"allauth.socialaccount.providers.{name}" for name in SOCIALACCOUNT_PROVIDERS]
ACCOUNT_ADAPTER = "coliseum.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "coliseum.pages.account_forms.SignInForm",
    "signup": "coliseum.pages.account_forms.SignUpForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*" if SENDS_MAIL else "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if SENDS_MAIL else "none"
ACCOUNT_EMAIL_NOTIFICATIONS = SENDS_MAIL
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Coliseum] "
# Whether an address has an account is not told by the sign-up form, with a mail server or without.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/15m/ip,10/15m/key",
    "sign_in_link": "30/15m/ip",
    "signup": "30/15m/ip",
}
MFA_ADAPTER = "coliseum.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {"add_webauthn": "coliseum.pages.account_forms.PasskeyForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_URL.startswith("https")
MFA_ALLOW_UNVERIFIED_EMAIL = not SENDS_MAIL
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "coliseum.accounts.adapters.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10

# The queue. One Redis protocol everywhere: an embedded Valkey on a laptop, Redis or Valkey on a cluster.
# A Unix socket's path may have 107 bytes at most; a deep home folder gets a short stand-in of its own.
SOCKET_FOLDER = (
    HOME
    if len(str(HOME)) < 90
    else Path("/tmp") / f"coliseum-{os.getuid()}-{hashlib.sha256(str(HOME).encode()).hexdigest()[:12]}"  # noqa: S108
)
BROKER_URL = text("COLISEUM_BROKER_URL", f"redis+socket://{SOCKET_FOLDER}/valkey.sock?virtual_host=0")
# Counts requests for all web processes; each counts alone while that server is away.
CACHES = {"default": {"BACKEND": "coliseum.shared_cache.SharedCache", "LOCATION": BROKER_URL}}
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
LIVE_SHOWS = number("COLISEUM_LIVE_SHOWS", 2)
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
