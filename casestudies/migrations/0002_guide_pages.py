import django.contrib.postgres.indexes
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models

GROUPS = [
    ("steps", "First steps"),
    ("data", "Data and labels"),
    ("models", "Features and models"),
    ("evaluation", "Evaluation"),
    ("serving", "Serving"),
    ("operations", "Operations"),
    ("genai", "Generative AI"),
    ("interview", "The interview"),
]


class Migration(migrations.Migration):
    dependencies = [("casestudies", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="GuidePage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=60)),
                ("one_line", models.CharField(max_length=100)),
                ("group", models.CharField(choices=GROUPS, max_length=16)),
                ("position", models.PositiveSmallIntegerField()),
                ("body", models.TextField()),
                ("example", models.JSONField()),
                ("figures", models.JSONField(default=dict)),
                ("checks", models.JSONField(default=list)),
                ("board", models.JSONField()),
                ("say", models.JSONField()),
                ("pitfalls", models.JSONField()),
                ("see_also", models.JSONField(default=list)),
                ("criteria", models.ManyToManyField(related_name="guide_pages", to="casestudies.criterion")),
                ("is_shown", models.BooleanField(default=True)),
                ("content_hash", models.CharField(max_length=64)),
                (
                    "text",
                    models.TextField(help_text="All its words without Markdown: what a search reads and quotes."),
                ),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=SearchVector("title", config="english", weight="A")
                        + SearchVector("one_line", config="english", weight="B")
                        + SearchVector("text", config="english", weight="C")
                        + SearchVector("title", "one_line", "text", config="simple", weight="D"),
                        output_field=SearchVectorField(),
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(group__in=[value for value, _ in GROUPS]), name="guide_group_is_known"
                    )
                ],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="guide_by_words")
                ],
            },
        ),
    ]
