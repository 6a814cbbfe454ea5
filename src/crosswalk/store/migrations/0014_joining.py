from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0013_watching'),
    ]

    operations = [
        migrations.AddField(
            model_name='pair',
            name='joining',
            field=models.JSONField(help_text='What a person said about two records joined by hand, see merge/settle.py', null=True),
        ),
    ]
