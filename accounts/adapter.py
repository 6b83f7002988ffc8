"""Where our accounts differ from allauth's: guests, and what becomes of their work when they sign in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from accounts import post
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Hand a guest's interviews to the account they sign in to, before the session changes hands."""
        response = super().pre_login(request, user, **kwargs)
        before = request.user
        if response is None and before.is_authenticated and before.is_guest and before.pk != user.pk:
            for adopt in settings.GUEST_ADOPTERS:
                import_string(adopt)(before, user)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; a mail server that is away breaks no page, and what is owed is sent later."""

        def send() -> None:
            super(AccountAdapter, self).send_mail(template_prefix, email, context)

        post.send(template_prefix, email, context.get("user"), send)

    def get_login_stages(self) -> list[str]:
        """Leave out the second step after a password: who loses a passkey still gets in."""
        second_step = "allauth.mfa.stages.AuthenticateStage"
        return [stage for stage in super().get_login_stages() if stage != second_step]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Say in our words what else confirms that it is you."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        words = {"reauthenticate": "Use your password", "mfa_reauthenticate:webauthn": "Use a passkey"}
        return [method | {"description": words[method["id"]]} for method in methods if method["id"] in words]
