"""Mails about an account: sent at once, and what the mail server does not take then is sent later.

What waits is that somebody is owed a mail, never its words: the link in it is made while sending.
"""

import logging
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts.models import User

log = logging.getLogger(__name__)
RESET, CONFIRM = "reset", "confirm"
# Whom nothing is owed is not here: who knows no account, or has one already, may ask again.
KINDS = {
    "account/email/password_reset_key": RESET,
    "account/email/email_confirmation": CONFIRM,
    "account/email/email_confirmation_signup": CONFIRM,
}


def send(template: str, to: str, user: User | None, do: Callable[[], None]) -> None:
    """Send a mail by `do`; what the server does not take is owed to `user`, and no page fails for it."""
    try:
        do()
    except OSError:  # smtplib's errors are some, too
        kind = KINDS.get(template, "")
        log.warning("a mail (%s) was not taken by the mail server", kind or template, exc_info=True)
        if kind and user is not None and user.email.lower() == to.lower():
            import_string(settings.MAIL_LATER)(kind, user)


def written(kind: str, user: User) -> EmailMessage | None:
    """Return a mail that is owed to somebody, None when it is of no use any more."""
    path = reset_path(user) if kind == RESET else confirm_path(user)
    if not path or not user.is_active or not user.email:
        return None
    link = f"{settings.PUBLIC_ORIGINS[0]}{path}"
    template = next(name for name, of in KINDS.items() if of == kind)
    context = {"user": user, "email": user.email, "password_reset_url": link, "activate_url": link}
    letter: EmailMessage = get_adapter().render_mail(template, user.email, context)
    return letter


def reset_path(user: User) -> str:
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=key)


def confirm_path(user: User) -> str:
    """Return where somebody confirms their address, empty when they have."""
    address = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=False).first()
    return reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key]) if address else ""
