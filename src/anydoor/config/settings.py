"""Every setting, in one file, from the environment only. `docs/production.md` lists the variables."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from anydoor.config import environ

PACKAGE = Path(__file__).resolve().parents[1]
HOME = environ.home()
PRODUCTION = os.environ.get("ANYDOOR_ENV", "development").strip() == "production"
DEBUG = environ.flag("ANYDOOR_DEBUG") and not PRODUCTION
SECRET_KEY = environ.secret_key(production=PRODUCTION)
SECRET_KEY_FALLBACKS = environ.listed("ANYDOOR_OLD_SECRET_KEYS")

# Where the outside world finds us; links in messages begin with it.
BIND_HOST = os.environ.get("HOST", "").strip() or "127.0.0.1"
BIND_PORT = environ.number("PORT", 8000)
ANYDOOR_ADDRESS = os.environ.get("ANYDOOR_ADDRESS", "").rstrip("/") or f"http://127.0.0.1:{BIND_PORT}"
ALLOWED_HOSTS = environ.listed("ANYDOOR_HOSTS")
if not PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", "testserver"]
    ALLOWED_HOSTS += [BIND_HOST] if BIND_HOST not in {"0.0.0.0", "::"} else []  # noqa: S104 only compared with
CSRF_TRUSTED_ORIGINS = [ANYDOOR_ADDRESS] if ANYDOOR_ADDRESS.startswith("https://") else []

# ---------------------------------------------------------------- rooms
DOMAIN_APPS = [
    "anydoor.access.apps.AccessConfig",
    "anydoor.people.apps.PeopleConfig",
    "anydoor.directory.apps.DirectoryConfig",
    "anydoor.messages.apps.MessagesConfig",
    "anydoor.care.apps.CareConfig",
]
SURFACE_APPS = ["anydoor.ui", "anydoor.web", "anydoor.api", "anydoor.connect"]

INSTALLED_APPS = [
    "anydoor.config.apps.ConfigConfig",
    *DOMAIN_APPS,
    *[room for room in SURFACE_APPS if find_spec(room)],
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Whitenoise serves what `staticfiles` collects, in development too.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # its widget templates, for the forms that libraries bring
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "anydoor.config.access_log.AccessLog",
    "anydoor.config.walled.BehindTheWall",
    "csp.middleware.CSPMiddleware",
    "anydoor.config.gate.Gate",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "anydoor.config.access_log.KeepPrivate",
    "anydoor.web.account.session_limits.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "anydoor.web.account.second_step.AskForSecondStep",
    "django_htmx.middleware.HtmxMiddleware",
    "anydoor.web.shell.Arrive",
    "anydoor.config.steady.KeepSteady",
    "anydoor.web.shell.Refusals",
    "anydoor.api.problem.Problems",
]

ROOT_URLCONF = "anydoor.config.urls"
WSGI_APPLICATION = "anydoor.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

# ---------------------------------------------------------------- database
_given = os.environ.get("DATABASE_URL", "").strip()
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **(environ.database(_given) if _given else environ.embedded_database()),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
}
# Sign-in limits live in the cache: it must be one for all processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "config_cache"}}

# ---------------------------------------------------------------- pages
_environment = "anydoor.ui.environment.environment"
_context = [
    "django.template.context_processors.csrf",
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": sorted(
            str(found) for shape in ("*/templates", "web/*/templates") for found in PACKAGE.glob(shape)
        ),
        "OPTIONS": {
            **({"environment": _environment} if (PACKAGE / "ui" / "environment.py").is_file() else {}),
            "trim_blocks": True,
            "lstrip_blocks": True,
            "context_processors": _context,
        },
    },
    {
        # Only for what libraries bring along and we have not dressed ourselves.
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _context},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("ANYDOOR_STATIC", "").strip() or str(HOME / "static")
# What areas set for their routine contacts; empty: the file of the example areas.
SCHEDULE_FILE = os.environ.get("ANYDOOR_SCHEDULE", "").strip()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True

# ---------------------------------------------------------------- place and time
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# ---------------------------------------------------------------- sign in
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["anydoor.web.account.backend.SignedIn"]
PASSWORD_HASHERS = [
    "anydoor.config.passwords.Argon2id",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "anydoor.config.passwords.NotCommon"},
    {"NAME": "anydoor.config.passwords.NotBreached"},
    {"NAME": "anydoor.config.passwords.NotOfThisPlace"},
]
# A downloaded list of SHA-1 digests of breached passwords, ordered: looked up in the file, asked of nobody.
BREACHED_PASSWORDS = environ.breach_list("ANYDOOR_BREACHED_PASSWORDS")
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/sign-in/"
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_ADAPTER = "anydoor.web.account.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# To an address nobody signs in with goes nothing: a letter about an account tells who might have one.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = environ.number(
    "ANYDOOR_PROXIES", 1 if environ.flag("ANYDOOR_BEHIND_PROXY") else 0
)
# An organisation's own directory (OpenID Connect), for accounts that are here already. It is believed about
# the addresses of its own domains; whether it asks for a second step itself is for the organisation to say.
OIDC_ISSUER = os.environ.get("ANYDOOR_OIDC_ISSUER", "").strip()
OIDC_NAME = os.environ.get("ANYDOOR_OIDC_NAME", "").strip() or "your organisation"
OIDC_DOMAINS = {domain.lower() for domain in environ.listed("ANYDOOR_OIDC_DOMAINS")}
OIDC_HAS_SECOND_STEP = environ.flag("ANYDOOR_OIDC_SECOND_STEP")
OIDC_ACR = environ.listed("ANYDOOR_OIDC_ACR")
if PRODUCTION and OIDC_ISSUER and not OIDC_ISSUER.startswith("https://"):
    raise environ.SettingMissing("ANYDOOR_OIDC_ISSUER must begin with https:// in production.")
SOCIALACCOUNT_ADAPTER = "anydoor.web.account.own_directory.ByOwnDirectory"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "own",
                "name": OIDC_NAME,
                "client_id": os.environ.get("ANYDOOR_OIDC_CLIENT", "").strip(),
                "secret": os.environ.get("ANYDOOR_OIDC_SECRET", "").strip(),
                "settings": {"server_url": OIDC_ISSUER, "verified_email": sorted(OIDC_DOMAINS)},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
# A staff computer is often shared: a ticked box would leave an account open on it.
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "anydoor.web.account.second_step.SecondStep"
MFA_FORMS = {
    "authenticate": "anydoor.web.account.second_step_form.CodeForm",
    "reauthenticate": "anydoor.web.account.second_step_form.CodeAgainForm",
    "authenticate_webauthn": "anydoor.web.account.second_step_form.PasskeyForm",
    "reauthenticate_webauthn": "anydoor.web.account.second_step_form.PasskeyAgainForm",
    "login_webauthn": "anydoor.web.account.second_step_form.PasskeyAloneForm",
}
# Browsers give passkeys to https and to localhost; only the latter comes without encryption.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# Who works with families has a second step; where nobody real is in the database it may wait.
SECOND_STEP = environ.choice(
    "ANYDOOR_SECOND_STEP", "required" if PRODUCTION else "offered", "required", "offered"
)
MFA_TOTP_ISSUER = "Anydoor"
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
IDLE_MINUTES = environ.number("ANYDOOR_IDLE_MINUTES", 30)
SIGNED_IN_HOURS = environ.number("ANYDOOR_SIGNED_IN_HOURS", 12)
# A little longer than anybody stays signed in, so that we know whose form came too late and can keep it.
SESSION_COOKIE_AGE = (SIGNED_IN_HOURS + 12) * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-anydoor" if PRODUCTION else "anydoor"
CSRF_COOKIE_NAME = "__Host-anydoor-form" if PRODUCTION else "anydoor-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "anydoor.web.public.expired.form_expired"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ---------------------------------------------------------------- safety in the browser
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "object-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    # The proxy's own health probe speaks plain HTTP on the inside.
    # An interface is not redirected: a partner's program would send its key in the clear for ever, unseen.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^api/"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
if environ.flag("ANYDOOR_BEHIND_PROXY"):
    # Only when a proxy of ours sets this header and strips it from what visitors send.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# ---------------------------------------------------------------- what comes in
# Far above what a form accepts, so that a story much too long comes back with a kind message, not a bare 400.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000_000
# No page takes a file, so what is sent as one is read and dropped, and fills no disk.
FILE_UPLOAD_HANDLERS: list[str] = []
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# How often one network address may send the public forms in an hour. After that, a person on the telephone.
ASKS_AN_HOUR = environ.number("ANYDOOR_ASKS_AN_HOUR", 20)
# How fast one signed-in person may read, and one partner's key may call, in each web process. 0: no limit.
PAGES_A_MINUTE = environ.number("ANYDOOR_PAGES_A_MINUTE", 120)
CALLS_A_MINUTE = environ.number("ANYDOOR_CALLS_A_MINUTE", 600)

# ---------------------------------------------------------------- what goes out
# Where the audit's signed heads are kept: outside the database, so that a cut chain shows.
AUDIT_FOLDER = Path(os.environ.get("ANYDOOR_AUDIT", "").strip() or HOME / "audit")

# Messages to families and colleagues: one file each in `outbox/` of the home, or printed by the worker.
OUTBOX = environ.choice("ANYDOOR_OUTBOX", "file", "console")
# Whose directories may be fetched besides this machine's own: host names, with commas between.
FEED_HOSTS = environ.listed("ANYDOOR_FEED_HOSTS")
DEFAULT_FROM_EMAIL = os.environ.get("ANYDOOR_EMAIL_FROM", "").strip() or "anydoor@anydoor.example"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
_smtp = os.environ.get("ANYDOOR_SMTP_HOST", "").strip()
if _smtp:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _smtp
    EMAIL_PORT = environ.number("ANYDOOR_SMTP_PORT", 587)
    EMAIL_HOST_USER = os.environ.get("ANYDOOR_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("ANYDOOR_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = True
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(HOME / "mail")

# ---------------------------------------------------------------- jobs and logs
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["anydoor.config.jobs"]
LOGGING_CONFIG = "anydoor.config.logs.configure"
LOGGING = {
    "shape": os.environ.get("ANYDOOR_LOG", "").strip() or ("json" if PRODUCTION else "plain"),
    "level": os.environ.get("ANYDOOR_LOG_LEVEL", "").strip().upper() or ("INFO" if PRODUCTION else "WARNING"),
}
