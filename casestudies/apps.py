from django.apps import AppConfig


class CasestudiesConfig(AppConfig):
    name = "casestudies"
    verbose_name = "Library"
    default_auto_field = "django.db.models.BigAutoField"
