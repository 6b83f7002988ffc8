"""Addresses of passkeys; those of allauth for other second factors are not mounted.

One has allauth's name: its adapter asks for the page by it.
"""

from django.urls import include, path

from accounts import passkey_views

own = [
    path("add/", passkey_views.add, name="add"),
    path("sign-in/", passkey_views.sign_in, name="sign_in"),
    path("<int:passkey_id>/", passkey_views.change, name="change"),
    path("<int:passkey_id>/remove/", passkey_views.remove, name="remove"),
]
urlpatterns = [
    path("passkeys/", include((own, "passkeys"))),
    path("passkeys/confirm/", passkey_views.confirm, name="mfa_reauthenticate_webauthn"),
]
