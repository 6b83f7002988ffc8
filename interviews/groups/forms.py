"""The shape of what members of a group send."""

import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from casestudies.models import Framework
from casestudies.models.case import Difficulty, Kind
from interviews.forms import MINUTES
from interviews.groups.calendars import one_line
from interviews.groups.planning import MOST_WEEKS
from interviews.models import Answer, Level, Role, Shares

INTERVIEWERS = [(2, "Up to two, who split the areas"), (1, "One")]


class GroupForm(forms.Form):
    name = forms.CharField(
        label="Name of the group",
        max_length=80,
        error_messages={
            "required": "Give the group a name.",
            "max_length": "A name has at most 80 characters. Shorten it.",
        },
    )

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError("Give the group a name.")
        return name


class InviteToGroupForm(forms.Form):
    """An e-mail address; without one the invitation is a link to send oneself."""

    email = forms.EmailField(
        label="E-mail address",
        required=False,
        max_length=200,
        help_text="Leave it empty to get a link that you send yourself.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class ShareForm(forms.Form):
    shares = forms.ChoiceField(label="What the group sees of your practice", choices=Shares.choices)


class MemberForm(forms.Form):
    member = forms.IntegerField(min_value=1, error_messages={"required": "Choose a member."})


def known_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError("Write a time zone by its name, such as Europe/Vienna or America/New_York.")


class WallTimeField(forms.DateTimeField):
    """A date and a time as clocks show them; which clocks, another field says."""

    def to_python(self, value: Any) -> Any:
        # Django's own would read it in the zone of whoever is looking at the page.
        return forms.fields.BaseTemporalField.to_python(self, value) if value else None


class SessionForm(forms.Form):
    """When a session is, on the clocks of which place, and its terms."""

    at = WallTimeField(
        label="Date and time",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages=dict.fromkeys(("required", "invalid"), "Write date and time as 2026-11-24 19:30."),
    )
    zone = forms.CharField(
        label="On the clocks of",
        max_length=64,
        validators=[known_zone],
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    framework = forms.ModelChoiceField(Framework.objects.none(), empty_label=None, to_field_name="slug")
    level = forms.ChoiceField(choices=Level.choices, initial=Level.SENIOR)
    minutes = forms.TypedChoiceField(choices=MINUTES, coerce=int, initial=45)
    most_interviewers = forms.TypedChoiceField(
        label="Interviewers", choices=INTERVIEWERS, coerce=int, initial=2
    )
    strict = forms.BooleanField(label="Strict clock: no pause and no extra time", required=False)
    weeks = forms.IntegerField(
        label="How many, one a week",
        min_value=1,
        max_value=MOST_WEEKS,
        initial=1,
        required=False,
        error_messages=dict.fromkeys(("min_value", "max_value"), f"From 1 to {MOST_WEEKS} weeks."),
    )

    def __init__(self, *args: Any, repeats: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frameworks = Framework.objects.offered().order_by("position")
        self.fields["framework"].queryset = frameworks  # type: ignore[attr-defined]
        self.fields["framework"].label_from_instance = lambda framework: framework.name  # type: ignore[attr-defined]
        if not repeats:
            del self.fields["weeks"]

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if not 2000 <= at.year <= 2100:
            raise ValidationError("Choose a year of this century.")
        return at

    def terms(self) -> dict[str, Any]:
        """Return what the acts of planning take."""
        data = dict(self.cleaned_data)
        if "weeks" in data:
            data["weeks"] = data["weeks"] or 1
        return {"local": data.pop("at"), "zone": data.pop("zone"), **data}


class RotaForm(forms.Form):
    """A role for everybody who has a seat."""

    def __init__(self, *args: Any, people: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for user_id, name in people.items():
            self.fields[f"role-{user_id}"] = forms.ChoiceField(label=name, choices=Role.choices)

    def roles(self) -> dict[int, str]:
        return {int(name.removeprefix("role-")): role for name, role in self.cleaned_data.items()}


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=Answer.choices)


class CaseWishForm(forms.Form):
    """What another case should be like; which one it is, the lot decides."""

    kind = forms.ChoiceField(label="Kind", choices=[("", "Any kind"), *Kind.choices], required=False)
    difficulty = forms.TypedChoiceField(
        label="Difficulty",
        choices=[("", "Any difficulty"), *Difficulty.choices],
        coerce=int,
        required=False,
    )
