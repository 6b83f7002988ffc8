from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interviews', '0013_own_levels_first'),
    ]

    operations = [
        migrations.AddField(
            model_name='apitoken',
            name='expires_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
