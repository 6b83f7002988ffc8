"""Every model says how it is exported and what becomes of it when its person goes."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from interviews.belongings.registry import OF_LIBRARIES, REGISTRY, Erased
from interviews.models import Interview
from whiteboard.models import Board

OURS = ("accounts", "casestudies", "whiteboard", "interviews")


def label(model: type[models.Model]) -> str:
    return str(model._meta.label)


def cascades_from(roots: set[type[models.Model]]) -> set[type[models.Model]]:
    """Return the models whose rows go when a row of one of the roots does."""
    found = set(roots)
    while True:
        more = {
            model
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if field.is_relation
            and field.related_model in found
            and field.remote_field.on_delete is models.CASCADE
        } - found
        if not more:
            return found
        found |= more


def test_every_model_of_ours_has_an_entry():
    """Give a new model an entry in interviews/belongings/registry.py, and docs/privacy.md a line."""
    models_of_ours = {label(model) for model in apps.get_models() if model._meta.app_label in OURS}
    assert models_of_ours - set(REGISTRY) == set()
    assert set(REGISTRY) - models_of_ours == set()


def test_every_model_of_a_library_that_names_a_person_has_one():
    named = {
        label(model)
        for model in apps.get_models()
        if model._meta.app_label not in OURS
        and any(field.related_model is get_user_model() for field in model._meta.concrete_fields)
    }
    assert named <= set(OF_LIBRARIES)


def test_what_is_said_to_go_with_the_person_does():
    gone = {label(model) for model in cascades_from({get_user_model()})}
    said = {name for name, entry in (REGISTRY | OF_LIBRARIES).items() if entry.erased is Erased.WITH_PERSON}
    assert said <= gone


def test_what_is_said_to_go_with_the_interview_does():
    gone = {label(model) for model in cascades_from({Interview, Board})}
    said = {name for name, entry in REGISTRY.items() if entry.erased is Erased.WITH_INTERVIEW}
    assert said <= gone


def test_the_library_names_nobody():
    for name, entry in REGISTRY.items():
        if entry.erased is Erased.NOTHING_PERSONAL:
            fields = apps.get_model(name)._meta.concrete_fields
            assert all(field.related_model is not get_user_model() for field in fields)


def test_hidden_columns_are_there():
    for name, entry in REGISTRY.items():
        columns = {field.name for field in apps.get_model(name)._meta.concrete_fields}
        assert set(entry.hidden) <= columns, name
