"""Who has opened the spoilers of which case before earning them."""

from django.conf import settings
from django.db import models


class Reveal(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reveals")
    case = models.ForeignKey("casestudies.CaseStudy", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "case"], name="revealed_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.case_id}"
