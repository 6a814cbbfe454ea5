from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0038_code'),
    ]

    operations = [
        migrations.AddField(
            model_name='pair',
            name='apart',
            field=models.JSONField(
                help_text='The fields in which two records in step differ; null for none, or nobody looked yet',
                null=True,
            ),
        ),
    ]
