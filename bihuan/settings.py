"""Django settings, read from the environment and from the data folder; nothing secret is written here."""

from __future__ import annotations

from pathlib import Path

from bihuan.installation.configuration import read_configuration

CONFIGURATION = read_configuration()

BASE_DIR = Path(__file__).resolve().parent
DATA_FOLDER = CONFIGURATION.data_folder
SECRET_KEY = CONFIGURATION.secret_key
DEBUG = CONFIGURATION.debug
ALLOWED_HOSTS = CONFIGURATION.allowed_hosts
CSRF_TRUSTED_ORIGINS = CONFIGURATION.trusted_origins

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "procrastinate.contrib.django",
    "bihuan.installation",
    "bihuan.journal",
    "bihuan.calendars",
    "bihuan.files",
    "bihuan.messages",
    "bihuan.organizations",
    "bihuan.policies",
    "bihuan.approvals",
    "bihuan.outlets",
    "bihuan.ledger",
    "bihuan.learning",
    "bihuan.intake",
    "bihuan.rectification",
    "bihuan.deadlines",
    "bihuan.lookback",
    "bihuan.authenticity",
    "bihuan.papers",
    "bihuan.drives",
    "bihuan.sittings",
    "bihuan.reviews",
    "bihuan.desk",
    "bihuan.exchange",
    "bihuan.web",
    "bihuan.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "bihuan.web.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bihuan.web.middleware.HtmxRedirects",
    "bihuan.organizations.acting.ActingMiddleware",
    "bihuan.ledger.local_words.ReadersPlace",
    "bihuan.web.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "bihuan.urls"
WSGI_APPLICATION = "bihuan.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours come before those allauth brings along.
        "DIRS": [BASE_DIR / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bihuan.web.context.shell",
            ],
        },
    },
]

DATABASES = {
    "default": {**CONFIGURATION.database, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True},
    # The access log commits by itself: a refused action must not unwrite the record of the refusal.
    "access_log": {**CONFIGURATION.database, "CONN_MAX_AGE": 60, "TEST": {"MIRROR": "default"}},
}
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The digest of new events; every event names its own, so a ledger may change over. "sm3" where OpenSSL offers it.
JOURNAL_ALGORITHM = CONFIGURATION.journal_algorithm

# Off (None) unless its address is configured; see docs/operations.md.
LANGUAGE_MODEL = CONFIGURATION.language_model

AUTH_USER_MODEL = "organizations.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "bihuan.organizations.sign_in.NameOrMobileBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "bihuan.organizations.sign_in.ClosedSignup"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # axes counts failures, for the whole installation
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_CALLABLE = "bihuan.web.views.locked_out"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]

LANGUAGE_CODE = CONFIGURATION.language
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = CONFIGURATION.time_zone
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
MEDIA_ROOT = DATA_FOLDER / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CSRF_FAILURE_VIEW = "bihuan.web.views.form_expired"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
SILENCED_SYSTEM_CHECKS = [
    "security.W004",
    "security.W008",
    "security.W012",
    "security.W016",
]  # TLS ends at the proxy
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
