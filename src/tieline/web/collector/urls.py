"""The addresses of the collector."""

from __future__ import annotations

from django.urls import path

from tieline.web.collector.views import KINDS, collect

urlpatterns = [path(f"v1/{word}", collect, {"kind": word}, name=f"v1-{word}") for word in KINDS]
