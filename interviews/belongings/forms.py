"""What people send to make a token, and to delete everything."""

from typing import TYPE_CHECKING, Any

from django import forms

from accounts.limits import HOUR, within
from interviews.models import Lasts, Scope

if TYPE_CHECKING:
    from accounts.models import User

WORDS = "delete everything"
TRIES_PER_HOUR = 20


class TokenForm(forms.Form):
    """A name by which its owner knows a token, what the token may do, and how long."""

    name = forms.CharField(
        max_length=60,
        error_messages={"required": "Give the token a name, such as the program that will use it."},
    )
    scopes = forms.MultipleChoiceField(
        label="It may",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that the token may do."},
    )
    lasts = forms.ChoiceField(
        label="How long it works",
        choices=Lasts.choices,
        initial=Lasts.QUARTER,
        error_messages={"invalid_choice": "Choose how long the token works."},
        required=False,
    )

    def clean_lasts(self) -> Lasts:
        """Return what was chosen; who chooses nothing gets an end, for a token without one is a choice."""
        return Lasts(self.cleaned_data["lasts"] or Lasts.QUARTER)


class DeleteForm(forms.Form):
    """The password of who asks; those without one type two words."""

    def __init__(self, *args: Any, person: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person.has_usable_password():
            self.fields["password"] = forms.CharField(
                label="Your password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
            )
        else:
            self.fields["words"] = forms.CharField(
                label=f"Type “{WORDS}”", widget=forms.TextInput(attrs={"autocomplete": "off"})
            )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not within(f"delete:{self.person.pk}", TRIES_PER_HOUR, HOUR):
            raise forms.ValidationError("That was tried too often. Nothing is deleted; try again in an hour.")
        if not self.person.check_password(password):
            raise forms.ValidationError("This is not your password. Nothing is deleted.")
        return password

    def clean_words(self) -> str:
        words: str = " ".join(self.cleaned_data["words"].lower().split())
        if words != WORDS:
            raise forms.ValidationError(f"Type the words “{WORDS}”. Nothing is deleted yet.")
        return words
