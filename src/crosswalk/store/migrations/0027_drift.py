from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0026_stopped'),
    ]

    operations = [
        migrations.AddField(
            model_name='integration',
            name='drift',
            field=models.TextField(blank=True, help_text='What the mapping names and a side has no more, line by line'),
        ),
        migrations.AddField(
            model_name='integration',
            name='drift_at',
            field=models.DateTimeField(help_text='When that was last looked at', null=True),
        ),
    ]
