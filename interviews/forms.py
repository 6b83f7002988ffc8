"""The shape of what people send."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from casestudies.models import CaseStudy, Dimension, Framework
from interviews.models import Aim, Interview, Level, Phase, Role

MINUTES = [(35, "35 min"), (45, "45 min"), (60, "60 min")]


class StartForm(forms.Form):
    """Case, framework, level and minutes of a new interview."""

    case = forms.SlugField()
    framework = forms.SlugField(required=False)
    level = forms.ChoiceField(choices=Level.choices, initial=Level.SENIOR, required=False)
    minutes = forms.ChoiceField(choices=MINUTES, initial=45, required=False)

    strict = forms.BooleanField(required=False)

    def clean_case(self) -> CaseStudy:
        case = CaseStudy.objects.filter(slug=self.cleaned_data["case"], status="published").first()
        if case is None:
            raise forms.ValidationError("There is no such case. Choose one from the library.")
        return case

    def clean_framework(self) -> Framework:
        slug = self.cleaned_data["framework"] or "seven-step"
        framework = Framework.objects.offered().filter(slug=slug).first()
        if framework is None:
            raise forms.ValidationError("There is no such framework. Choose one of those on the page.")
        return framework

    def clean_level(self) -> str:
        return self.cleaned_data["level"] or Level.SENIOR

    def clean_minutes(self) -> int:
        return int(self.cleaned_data["minutes"] or 45)


class PeerForm(StartForm):
    """The same for two, and which seat its maker takes."""

    sits_as = forms.ChoiceField(
        choices=[(Role.CANDIDATE.value, "Candidate"), (Role.INTERVIEWER.value, "Interviewer")],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose whether you are the candidate or the interviewer."
        ),
    )


class PhaseForm(forms.Form):
    """The step the person was looking at when they pressed the button."""

    running = forms.ModelChoiceField(
        Phase.objects.none(), error_messages={"invalid_choice": "This step is not part of this interview."}
    )

    def __init__(self, *args: Any, interview: Interview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["running"].queryset = interview.phases.all()  # type: ignore[attr-defined]


class ExtensionForm(forms.Form):
    """How many seconds had been added on the page the person was looking at."""

    seen = forms.IntegerField(min_value=0, max_value=36_000)


class HintForm(forms.Form):
    dimension = forms.ChoiceField(choices=Dimension.choices)
    rung = forms.IntegerField(min_value=1, max_value=3)


class AskForm(forms.Form):
    """A question of the candidate's, in one line."""

    question = forms.CharField(
        max_length=400,
        error_messages={
            "required": "Write a question first.",
            "max_length": "A question has at most 400 characters. Ask in parts.",
        },
    )

    def clean_question(self) -> str:
        return " ".join(self.cleaned_data["question"].split())


class AnswerForm(forms.Form):
    """The interviewer's answer: words of their own, or the offered fact."""

    words = forms.CharField(
        required=False,
        max_length=2000,
        error_messages={"max_length": "An answer has at most 2,000 characters. Shorten it."},
    )
    with_fact = forms.BooleanField(required=False)


class InviteForm(forms.Form):
    """The role a link is for; which of them are open is for the act to say."""

    role = forms.ChoiceField(
        choices=Role.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Invite an interviewer or an observer."),
    )


class StampForm(forms.Form):
    """The words of an interviewer's note; none at first, when one tap keeps the moment."""

    text = forms.CharField(
        required=False,
        max_length=2000,
        error_messages={"max_length": "A note has at most 2,000 characters. Shorten it."},
    )


class AreasForm(forms.Form):
    areas = forms.MultipleChoiceField(choices=Dimension.choices, required=False)


class NameForm(forms.Form):
    """What a guest wants to be called."""

    name = forms.CharField(
        required=False,
        max_length=60,
        error_messages={"max_length": "A name has at most 60 characters. Shorten it."},
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class ReadyForm(forms.Form):
    ready = forms.BooleanField(required=False)


class MomentForm(forms.Form):
    """A moment of a replay, in milliseconds on the clock; nothing is its end."""

    at = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2**40,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            "This moment is not in the replay. Choose one on its timeline.",
        ),
    )


class FrameworkForm(forms.Form):
    """The framework to read a submission under."""

    framework = forms.ModelChoiceField(
        Framework.objects.none(),
        to_field_name="slug",
        error_messages={"invalid_choice": "There is no such framework. Choose one of those on the page."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["framework"].queryset = Framework.objects.offered()  # type: ignore[attr-defined]


class VersionForm(forms.Form):
    """The name of a moment, and the row of the log it is about when that is not the last."""

    name = forms.CharField(
        max_length=80,
        error_messages={
            "required": "Give this moment a name, such as Before the curveball.",
            "max_length": "A name has at most 80 characters. Shorten it.",
        },
    )
    seq = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2**62,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "This moment is not in the board’s log."
        ),
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class SelfScoreForm(forms.Form):
    """A level from 0 to 4 for each criterion of a compiled rubric; what is left out was not observed."""

    def __init__(self, *args: Any, criteria: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in criteria:
            field = forms.IntegerField(required=False, min_value=0, max_value=4)
            self.fields[f"level-{criterion['code']}"] = field

    def levels(self) -> dict[str, int]:
        """Return the levels that were given, by the criterion's code."""
        given = {name.removeprefix("level-"): level for name, level in self.cleaned_data.items()}
        return {code: level for code, level in given.items() if level is not None}


class AimForm(forms.ModelForm):
    """The day of a person's interview, the level they want, and how much they can practise."""

    class Meta:
        model = Aim
        fields = ["interview_on", "level", "per_week"]
        labels = {
            "interview_on": "Day of your interview",
            "level": "Level you want",
            "per_week": "Mock interviews a week",
        }
        help_texts = {
            "interview_on": "Leave it empty if there is none yet.",
            "per_week": "As many as you can really do.",
        }
        widgets = {
            "interview_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "per_week": forms.NumberInput(attrs={"min": 1, "max": Aim.MOST_A_WEEK}),
        }
        error_messages = {
            "interview_on": {"invalid": "Give the day as 2026-12-31."},
            "per_week": dict.fromkeys(("min_value", "max_value", "invalid"), Aim.A_WEEK),
        }

    def clean_interview_on(self) -> date | None:
        """Refuse a day so far off that it is a slip of the hand."""
        day: date | None = self.cleaned_data["interview_on"]
        if day and day > timezone.localdate() + timedelta(days=Aim.MOST_DAYS_AHEAD):
            raise forms.ValidationError("Give a day within two years from today.")
        return day
