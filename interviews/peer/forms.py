"""The shape of what interviewers and candidates say of each other."""

from collections.abc import Iterable
from typing import Any

from django import forms

from interviews.peer.drafts import NOT_OBSERVED, Change
from interviews.peer.rating import QUESTIONS

CHOICES = [*((str(level), str(level)) for level in range(5)), (NOT_OBSERVED, "Not observed")]
LONGEST_WHY = 400


class MarksForm(forms.Form):
    """A level or "not observed", and why, for criteria of a rubric; any number of them at once."""

    def __init__(self, data: Any, *, codes: Iterable[str]) -> None:
        super().__init__(data)
        self.codes = [code for code in codes if f"level-{code}" in data or f"why-{code}" in data]
        for code in self.codes:
            self.fields[f"level-{code}"] = forms.ChoiceField(
                choices=CHOICES,
                required=False,
                error_messages={"invalid_choice": "A level is a number from 0 to 4, or not observed."},
            )
            self.fields[f"why-{code}"] = forms.CharField(
                required=False,
                max_length=LONGEST_WHY,
                error_messages={"max_length": f"One or two sentences, at most {LONGEST_WHY} characters."},
            )

    def changes(self) -> dict[str, Change]:
        """Return what the form says, by the criterion's code."""
        return {
            code: Change(
                self.cleaned_data[f"level-{code}"] or None,
                " ".join(self.cleaned_data[f"why-{code}"].split()) if f"why-{code}" in self.data else None,
            )
            for code in self.codes
        }

    def refusal(self) -> str:
        """Return what is wrong, each thing once."""
        return refusal_of(self)


class RatingForm(forms.Form):
    """Three answers from 1 to 5 about one interviewer, and a few words."""

    interviewer = forms.IntegerField(min_value=1, max_value=2**53)
    words = forms.CharField(
        required=False,
        max_length=1000,
        error_messages={"max_length": "At most 1,000 characters. Shorten it."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, _ in QUESTIONS:
            self.fields[name] = forms.IntegerField(
                min_value=1,
                max_value=5,
                error_messages=dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value"), "Answer each question from 1 to 5."
                ),
            )

    def answers(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name, _ in QUESTIONS}

    def refusal(self) -> str:
        """Return what is wrong, each thing once."""
        return refusal_of(self)


def refusal_of(form: forms.Form) -> str:
    found = dict.fromkeys(str(error) for errors in form.errors.values() for error in errors)
    return " ".join(found)
