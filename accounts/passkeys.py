"""Passkeys: a second way in beside the password, never a second lock before it.

allauth keeps them (`mfa.Authenticator`) and checks what browsers sign; here stands where they work, what they
are called, and what is said when one is refused.
"""

import ipaddress
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import LoginWebAuthnForm, ReauthenticateWebAuthnForm, SignupWebAuthnForm
from cryptography.exceptions import InvalidSignature
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.request import split_domain_port

if TYPE_CHECKING:
    from accounts.models import User

REFUSED = "This passkey was not accepted. Try again, or use your password."
NOT_ADDED = "The passkey was not added: what your browser sent does not fit. Nothing has changed; try again."
LONGEST_NAME = 60
# What a body that no browser writes makes the parsers raise.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, InvalidSignature)


def work_here(request: HttpRequest) -> bool:
    """Say whether browsers offer passkeys at this address: https and a name, or localhost."""
    name = split_domain_port(request.get_host())[0]
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return request.is_secure() or name == "localhost" or name.endswith(".localhost")
    return False


def of_person(person: "User") -> QuerySet[Authenticator]:
    """Return a person's passkeys, the oldest first."""
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).order_by("pk")


def refusing(words: str, clean: Callable[[], Any]) -> Any:
    """Return what `clean` does; where it fails, say so in our words, whatever was sent."""
    try:
        return clean()
    except forms.ValidationError as error:
        if error.code == "too_many_login_attempts":
            raise
        raise forms.ValidationError(words) from error
    except UNREADABLE as error:
        raise forms.ValidationError(words) from error


class PasskeyAdapter(DefaultMFAAdapter):
    def generate_authenticator_name(self, user: "User", type: str) -> str:
        """Return what a passkey is called whose person gave it no name."""
        number = of_person(user).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"


class NameForm(forms.Form):
    name = forms.CharField(max_length=LONGEST_NAME)


class AddForm(SignupWebAuthnForm):
    """A new passkey that signs in by itself: allauth's form for signing up makes no other."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        required=False,
        help_text="So that you know it again, such as the device it is on.",
    )

    def clean(self) -> Any:
        return refusing(NOT_ADDED, super().clean)


class SignInForm(LoginWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        return refusing(REFUSED, super().clean_credential)


class ConfirmForm(ReauthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        return refusing(REFUSED, super().clean_credential)
