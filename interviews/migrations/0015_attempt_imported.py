from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interviews', '0014_api_token_expires_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='imported',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
