import django.contrib.postgres.indexes
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casestudies", "0002_guide_pages")]

    operations = [
        migrations.AddField(
            model_name="casestudy",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=SearchVector("title", config="english", weight="A")
                + SearchVector("one_line", config="english", weight="B")
                + SearchVector("area", "tags", config="english", weight="C")
                + SearchVector("prompt", config="english", weight="D")
                + SearchVector("title", "one_line", "area", "tags", "prompt", config="simple", weight="D"),
                output_field=SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="casestudy",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="case_by_words"),
        ),
    ]
