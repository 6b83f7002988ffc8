"""Adding, naming and removing passkeys, and signing in with one."""

from typing import Any, cast

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from allauth.mfa.webauthn.internal import auth, flows
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import passkeys
from accounts.middleware import path_if_ours, with_next
from accounts.models import User

GUESTS_FIRST = "A passkey belongs to an account. Keep your work first, with an e-mail address and a password."


def settings_page() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("accounts:profile") + "#passkeys")


def confirm_first(request: HttpRequest) -> None:
    """Send who has not given their password or passkey lately to do so, and back here afterwards."""
    raise_if_reauthentication_required(request, app="allauth.mfa")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a passkey, under a name."""
    person = cast(User, request.user)
    if person.is_guest:
        return render(request, "403.html", {"reason": GUESTS_FIRST}, status=403)
    confirm_first(request)
    form = passkeys.AddForm(request.POST if request.method == "POST" else None, user=person)
    if request.method == "POST" and form.is_valid():
        flows.add_authenticator(request, form.cleaned_data["name"], form.cleaned_data["credential"])
        return settings_page()
    options = auth.begin_registration(person, passwordless=True)
    context = {"form": form, "options": options}
    return render(request, "accounts/passkeys/add.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """Show one passkey, to name it anew or to remove it."""
    passkey = get_object_or_404(passkeys.of_person(cast(User, request.user)), pk=passkey_id)
    confirm_first(request)
    named = {"name": passkey.wrap().name}
    form = passkeys.NameForm(request.POST if request.method == "POST" else None, initial=named)
    if request.method == "POST" and form.is_valid():
        flows.rename_authenticator(request, passkey, form.cleaned_data["name"])
        messages.success(request, "The name is saved.")
        return settings_page()
    context = {"form": form, "passkey": passkey}
    return render(request, "accounts/passkeys/change.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def remove(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """Remove one passkey; the password keeps working."""
    passkey = get_object_or_404(passkeys.of_person(cast(User, request.user)), pk=passkey_id)
    confirm_first(request)
    flows.remove_authenticator(request, passkey)
    return settings_page()


@never_cache
@ratelimit.decorator(app="allauth.mfa", action="webauthn_login")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Give the browser what to sign (GET), and sign in who signed it (POST)."""
    if request.method == "GET":
        return JsonResponse(auth.begin_authentication(user=None))
    form = passkeys.SignInForm(request.POST)
    if form.is_valid():
        passkey = form.cleaned_data["credential"]
        return flows.perform_passwordless_login(request, passkey, Login(user=passkey.user))
    messages.error(request, passkeys.REFUSED)
    page = path_if_ours(request, request.POST.get(REDIRECT_FIELD_NAME, ""))
    return redirect(with_next(reverse("account_login"), page))


class ConfirmView(ReauthenticateWebAuthnView):
    """Confirm with a passkey that it is you, before passkeys change."""

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, form.errors.get("credential", [passkeys.REFUSED])[0])
        page = path_if_ours(self.request, self.request.POST.get(REDIRECT_FIELD_NAME, ""))
        return redirect(with_next(self.request.path, page))


confirm = require_http_methods(["GET", "POST"])(ConfirmView.as_view())
