from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casestudies", "0003_case_search")]

    operations = [
        migrations.AddField(
            model_name="casestudy",
            name="checks",
            field=models.JSONField(default=list, help_text="Arithmetic that holds the figures together."),
        ),
    ]
