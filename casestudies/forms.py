"""What may stand in the address of the library and of the guide."""

from typing import Any
from urllib.parse import urlencode

from django import forms

from casestudies.models.case import CaseStudyQuerySet, Difficulty, Kind

DONE = [("tried", "Tried"), ("untried", "Not tried")]


class SearchForm(forms.Form):
    """The words people look for, in the guide or among the cases."""

    q = forms.CharField(
        required=False,
        max_length=100,
        error_messages={"max_length": "Search for fewer words, up to 100 characters."},
    )

    def words(self) -> str:
        """Return what is looked for; nothing when it makes no sense."""
        return str(getattr(self, "cleaned_data", {}).get("q", ""))

    def query(self) -> str:
        """Return what is asked as the query of an address, without what is not asked."""
        asked: dict[str, Any] = getattr(self, "cleaned_data", {})
        return urlencode({name: value for name, value in asked.items() if value})


class FilterForm(SearchForm):
    kind = forms.ChoiceField(
        required=False,
        choices=[("", "All"), *Kind.choices],
        error_messages={"invalid_choice": "There is no such kind. Choose classic, gen AI or platform."},
    )
    done = forms.ChoiceField(
        required=False,
        choices=[("", "Any"), *DONE],
        error_messages={"invalid_choice": "Choose tried or not tried."},
    )
    area = forms.CharField(required=False, max_length=40)
    difficulty = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Any"), *Difficulty.choices],
        error_messages={"invalid_choice": "There is no such difficulty. Choose warm-up, standard or hard."},
    )

    def narrow(self, cases: CaseStudyQuerySet, tried: set[int]) -> CaseStudyQuerySet:
        """Return the cases that fit; a field that makes no sense narrows nothing."""
        asked: dict[str, Any] = getattr(self, "cleaned_data", {})
        if words := self.words():
            cases = cases.matching(words)
        for field in ("kind", "area", "difficulty"):
            if asked.get(field):
                cases = cases.filter(**{field: asked[field]})
        match asked.get("done"):
            case "tried":
                cases = cases.filter(pk__in=tried)
            case "untried":
                cases = cases.exclude(pk__in=tried)
        return cases


def areas_of(cases: CaseStudyQuerySet) -> list[str]:
    """Return the areas that have a case, by name."""
    return list(cases.order_by("area").values_list("area", flat=True).distinct())
