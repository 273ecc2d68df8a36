"""The pages as Django knows them."""

from __future__ import annotations

from django.apps import AppConfig


class Pages(AppConfig):  # type: ignore[misc]
    """The one Django application of the pages."""

    name = "tieline.web"
    label = "web"
    verbose_name = "Tieline"
    default_auto_field = "django.db.models.BigAutoField"
