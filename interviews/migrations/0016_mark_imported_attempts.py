from typing import Any

from django.db import migrations


def mark(apps: Any, schema_editor: Any) -> None:
    """Mark the attempts that were brought in from elsewhere; those counted from now on are marked when they are."""
    attempts = apps.get_model("interviews", "Attempt").objects
    attempts.filter(interview__imported_at__isnull=False).update(imported=True)


class Migration(migrations.Migration):
    dependencies = [("interviews", "0015_attempt_imported")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
