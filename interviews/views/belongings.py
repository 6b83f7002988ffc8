"""A person's tokens, their export, and deleting everything; all three stand on the settings page."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interviews.belongings import erasing, requests, sections
from interviews.belongings.forms import DeleteForm, TokenForm
from interviews.models import ApiToken
from interviews.views.asking import PersonRequest

MOST_TOKENS = 20


def settings_at(section: str) -> str:
    return f"{reverse('accounts:profile')}#{section}"


@require_POST
@login_required
def make_token(request: PersonRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    form = TokenForm(request.POST)
    if form.is_valid() and ApiToken.objects.filter(user=request.user, revoked_at=None).count() >= MOST_TOKENS:
        form.add_error(
            None,
            f"You have {MOST_TOKENS} tokens, which is the most. Revoke one, or take an expired one away.",
        )
    token, secret = None, ""
    if form.is_valid():
        given, now = form.cleaned_data, timezone.now()
        token, secret = ApiToken.objects.issue(
            request.user, given["name"], given["scopes"], now, given["lasts"]
        )
    context = {"form": form, "secret": secret, "token": token}
    answer = render(request, "belongings/token_made.html", context, status=422 if form.errors else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@login_required
def revoke_token(request: PersonRequest, token_id: int) -> HttpResponse:
    """Revoke a token of one's own; a second click finds it revoked."""
    tokens = ApiToken.objects.filter(user=request.user, pk=token_id)
    if not tokens.exists():
        raise Http404("There is no such token of yours.")
    tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    messages.success(request, "The token is revoked: nothing answers to it any more.")
    return redirect(settings_at("tokens"))


@require_POST
@login_required
def ask_for_export(request: PersonRequest) -> HttpResponse:
    requests.ask(request.user, now=timezone.now())
    if request.htmx:
        return render(request, "belongings/_export.html", sections.export_section(request.user))
    return redirect(settings_at("export"))


@login_required
@require_safe
def export_state(request: PersonRequest) -> HttpResponse:
    """Show how far the export is."""
    return render(request, "belongings/_export.html", sections.export_section(request.user))


@login_required
@require_safe
def download_export(request: PersonRequest, export_id: UUID) -> HttpResponseBase:
    """Hand an export to the person it is about, and to nobody else."""
    export = requests.export_or_404(request.user, export_id, timezone.now())
    if export.ready_at is None:
        raise Http404("This export is not ready yet. Your settings show how far it is.")
    return requests.as_file(export)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_everything(request: PersonRequest) -> HttpResponse:
    """Say what goes, ask for the password, and delete it at once."""
    form = DeleteForm(request.POST if request.method == "POST" else None, person=request.user)
    if request.method == "POST" and form.is_valid():
        person = request.user
        logout(request)
        erasing.erase(person, now=timezone.now())
        messages.success(request, "Your account and everything in it are deleted.")
        return redirect("home")
    context = {"form": form, "taken": sections.taken(request.user)}
    return render(request, "belongings/delete.html", context, status=422 if form.errors else 200)
