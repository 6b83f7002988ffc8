"""The map of the site."""

from django.contrib import admin
from django.urls import include, path

from config import health
from interviews.api.root import api

urlpatterns = [
    path("", include("interviews.urls")),
    path("cases/", include("casestudies.urls")),
    path("guide/", include("casestudies.guide_urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("accounts.passkey_urls")),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler403 = "interviews.views.errors.refused"
handler404 = "interviews.views.errors.missing"
handler500 = "interviews.views.errors.failed"
