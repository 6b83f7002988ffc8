from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class InterviewsConfig(AppConfig):
    name = "interviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(count_what_is_not_counted, sender=self)


def count_what_is_not_counted(*, using: str, verbosity: int, **more: Any) -> None:
    """Fill the rows of progress after an upgrade from a version that did not keep them; else one question.

    Of a database that was only migrated to some earlier state nothing is asked.
    """
    from interviews.progress import recording  # needs the models, which are there by now

    if using != "default" or not recording.fits(more.get("apps", apps)):
        return
    count = recording.catch_up()
    if count and verbosity:
        print(f"  Progress: {count} interviews of earlier versions counted.")
