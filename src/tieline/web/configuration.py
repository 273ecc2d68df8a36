"""How Django is set up for the pages of one workspace; there is no settings file to forget."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tieline.errors import Place, TielineError
from tieline.web.secret_key import secret_key
from tieline.web.single_sign_on import company, passwords

HERE = Path(__file__).parent
DATABASE_FILE = "web.sqlite3"
SIGNED_IN_SECONDS = 14 * 24 * 3600
"""Two weeks: a working group signs in anew every other Monday."""
LARGEST_FORM = 2 * 1024 * 1024
"""Bytes of a form without its files; the largest one of ours holds a few kilobytes."""
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_SQLITE_BEGIN = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON"


@dataclass(frozen=True)
class Serving:
    """How the pages are reached.

    `url` is the address that people type where a web server stands in front (https://...), ''
    where they come straight to `host` and `port`. `upload_bytes` is the largest upload. `does_jobs`
    says that no `tieline work` does them.
    """

    workspace: Path
    host: str = "127.0.0.1"
    port: int = 8000
    url: str = ""
    workers: int = 1
    upload_bytes: int = 1024 * 1024 * 1024
    does_jobs: bool = True

    @property
    def secure(self) -> bool:
        """Whether browsers come by https."""
        return self.url.startswith("https://")

    @property
    def address(self) -> str:
        """Where a browser finds the pages."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        host = f"[{host}]" if ":" in host else host
        return self.url.rstrip("/") or f"http://{host}:{self.port}"


def configure(serving: Serving) -> None:
    """Set Django up in this process; once, before anything of the pages is imported."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(**_settings(serving))
    from django.apps import apps

    if not apps.ready:
        import django

        django.setup(set_prefix=False)


def _settings(serving: Serving) -> dict[str, Any]:
    hidden = serving.workspace / ".tieline"
    return {
        "TIELINE": serving,
        "TIELINE_COMPANY": company(),
        "TIELINE_PASSWORDS": passwords(),
        "DEBUG": False,
        "SECRET_KEY": secret_key(hidden),
        "ALLOWED_HOSTS": _hosts(serving),
        "ROOT_URLCONF": "tieline.web.urls",
        "INSTALLED_APPS": [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "tieline.ledger",
            "tieline.web",
        ],
        "MIDDLEWARE": [
            "tieline.web.headers.SafeHeaders",
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            # Before the form check, which reads the whole body: nobody may send us files.
            "tieline.web.guard.Guard",
            "django.middleware.csrf.CsrfViewMiddleware",
            "tieline.web.faults.Faults",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [HERE / "templates"],
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "tieline.web.frame.frame",
                    ],
                    "builtins": ["tieline.web.templatetags.words"],
                },
            }
        ],
        "DATABASES": {"default": _database(hidden)},
        "DATABASE_ROUTERS": ["tieline.web.tables.Router"],
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "AUTH_USER_MODEL": "web.Member",
        "AUTHENTICATION_BACKENDS": ["tieline.web.members.ByPassword"],
        # scrypt is in Python's own library and costs an attacker memory too.
        "PASSWORD_HASHERS": [
            "django.contrib.auth.hashers.ScryptPasswordHasher",
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        ],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": 12},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
             "OPTIONS": {"user_attributes": ("login", "full_name")}},
        ],
        "LOGIN_URL": "/sign-in",
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "USE_I18N": False,
        "APPEND_SLASH": False,
        "LOGGING_CONFIG": None,
        "SILENCED_SYSTEM_CHECKS": [],
        "DATA_UPLOAD_MAX_MEMORY_SIZE": LARGEST_FORM,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 500,
        "FILE_UPLOAD_HANDLERS": ["tieline.web.uploads.WithinLimit"],
        "FILE_UPLOAD_TEMP_DIR": str(hidden / "scratch"),
        "FILE_UPLOAD_PERMISSIONS": 0o600,
        **_cookies(serving),
    }  # fmt: skip


def _cookies(serving: Serving) -> dict[str, Any]:
    return {
        "SESSION_COOKIE_NAME": "tieline",
        "SESSION_COOKIE_AGE": SIGNED_IN_SECONDS,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": serving.secure,
        "CSRF_COOKIE_NAME": "tieline_form",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": serving.secure,
        "CSRF_TRUSTED_ORIGINS": [serving.address] if serving.url else [],
        "CSRF_FAILURE_VIEW": "tieline.web.faults.stale_form",
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "SECURE_HSTS_SECONDS": 365 * 24 * 3600 if serving.secure else 0,
        # The server in front ends https and says so; without one nobody may claim it.
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if serving.secure else None,
    }


def _hosts(serving: Serving) -> list[str]:
    named = [*_LOCAL]
    if serving.host not in ("0.0.0.0", "::", *_LOCAL):
        named.append(serving.host)
    if serving.url:
        host = urlsplit(serving.url).hostname
        if not host or not serving.url.startswith(("https://", "http://")):
            raise TielineError(
                "bad_url",
                f"{serving.url!r} is no address of pages.",
                next_step="Write it as https://tieline.example.com",
            )
        named.append(host)
    return named


def _database(hidden: Path) -> dict[str, Any]:
    named = os.environ.get("DATABASE_URL", "").strip()
    if not named:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(hidden / DATABASE_FILE),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": _SQLITE_BEGIN,
            },
        }
    from tieline.ledger.database_url import parse_database_url

    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise TielineError(
            "psycopg_missing",
            "DATABASE_URL names a PostgreSQL database, which needs the package psycopg.",
            place=Place("DATABASE_URL"),
            next_step="Install it: pip install 'tieline[postgres]'",
        ) from None
    address = parse_database_url(named)
    options: dict[str, Any] = {"connect_timeout": 10, **address.options}
    if address.schema:
        options["options"] = f"-c search_path={address.schema}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.database,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
