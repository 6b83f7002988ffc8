from typing import Any, cast

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.views.decorators.http import require_http_methods, require_POST

from accounts import guests, passkeys
from accounts.forms import ADDRESS_TAKEN, KeepForm, ProfileForm
from accounts.models import User


def next_url(request: HttpRequest, otherwise: str) -> str:
    """Return where to go afterwards: the page named in `next` if it is ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return otherwise


@require_POST
def guest(request: HttpRequest) -> HttpResponse:
    """Sign the visitor in as a new guest; who is signed in already stays who they are."""
    if not request.user.is_authenticated:
        guests.come_in(request)
    return redirect(next_url(request, "casestudies:list"))


@login_required
@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """Let a guest sign up and keep everything they made."""
    person = cast(User, request.user)
    if not person.is_guest:
        return redirect("accounts:profile")
    form = KeepForm(request.POST if request.method == "POST" else None, guest=person)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                person.keep(form.cleaned_data["email"], form.cleaned_data["password"])
                address = EmailAddress.objects.create(
                    user=person, email=person.email, primary=True, verified=False
                )
        except IntegrityError:
            # Somebody took the address after the form had looked.
            person.refresh_from_db()
            form.add_error("email", ADDRESS_TAKEN)
        else:
            update_session_auth_hash(request, person)
            if settings.SENDS_MAIL:
                address.send_confirmation(request, signup=True)
            messages.success(request, "Your account is ready, and everything you did as a guest is in it.")
            return redirect(next_url(request, "home"))
    context = {"form": form, "next": next_url(request, "")}
    return render(request, "accounts/keep.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show all settings of a person on one page, and save name, time zone and theme."""
    person = cast(User, request.user)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your profile is saved.")
        return redirect("accounts:profile")
    context: dict[str, Any] = {"form": form, "passkeys": passkeys.of_person(person)}
    for section in settings.SETTINGS_SECTIONS:
        context |= import_string(section)(person)
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)
