"""Django's settings, made from config.py; nothing else reads the environment.

Knows how pages are served and guarded. Refuses to know what is on them.
"""

from __future__ import annotations

import os
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from crosswalk import config
from crosswalk.store.database import databases
from crosswalk.web.keys import signing_key

CONFIG = config.read(os.environ)
HERE = Path(__file__).parent
_ADDRESS = urlsplit(CONFIG.url)
_HTTPS = _ADDRESS.scheme == "https"

DEBUG = CONFIG.debug
SECRET_KEY = signing_key(CONFIG)
# A loopback name always works, so that a wrong CROSSWALK_URL can be noticed on the machine itself.
ALLOWED_HOSTS = [_ADDRESS.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"{_ADDRESS.scheme}://{_ADDRESS.netloc}"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "axes",
    "csp",
    # Comes with the extra that PostgreSQL needs; its models are the tables of the engine there.
    *(["procrastinate.contrib.django"] if find_spec("procrastinate") else []),
    "crosswalk.store",
    "crosswalk.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "crosswalk.web.middleware.StaticFiles",
    "crosswalk.web.middleware.InsideAha",
    "crosswalk.web.middleware.Problems",
    "csp.middleware.CSPMiddleware",
    "crosswalk.web.middleware.NoPage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crosswalk.web.middleware.FragmentRedirects",
    "django.contrib.messages.middleware.MessageMiddleware",
    "crosswalk.web.middleware.Doors",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "crosswalk.web.middleware.PrivatePages",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "crosswalk.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["crosswalk.web.templatetags.crosswalk"],
        },
    }
]
FORM_RENDERER = "crosswalk.web.forms.Renderer"

DATABASES = databases(CONFIG)
DATABASE_ROUTERS = ["crosswalk.store.database.EngineTables"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

# ---- signing in ---------------------------------------------------------------------------------------

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Name and address together: behind a proxy everybody may share one address, and nobody may lock another person out.
# What is counted by address alone and by name alone, with other limits, stands in throttle.py.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=5)
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "crosswalk.web.views.login.locked_out"
AXES_CLIENT_IP_CALLABLE = "crosswalk.web.visitor.counted"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# With TLS, "__Host-" keeps other hosts of the domain from setting these cookies.
_HOST = "__Host-" if _HTTPS else ""
SESSION_ENGINE = "crosswalk.web.sessions"
SESSION_COOKIE_NAME = f"{_HOST}crosswalk_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
# Not even a followed link brings the cookie along; the middleware opens such a page a second time, from here.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_NAME = f"{_HOST}crosswalk_csrf"
CSRF_COOKIE_HTTPONLY = True  # forms carry the token; no script needs to read it
CSRF_FAILURE_VIEW = "crosswalk.web.views.errors.csrf_failure"

# ---- what a browser may do with a page ---------------------------------------------------------------

SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 0 if DEBUG else 365 * 24 * 3600  # addresses carry the file's digest: see the tag `asset`

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING_CONFIG = None  # crosswalk.web.logs.configure says how and where; it runs once, when the service starts
