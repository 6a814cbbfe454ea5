from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0027_drift'),
    ]

    operations = [
        migrations.AddField(
            model_name='createintent',
            name='base',
            field=models.JSONField(help_text='What both sides hold if it landed as it was last sent', null=True),
        ),
        migrations.AddField(
            model_name='createintent',
            name='made',
            field=models.CharField(blank=True, db_default='', help_text="The record's id, when closed", max_length=100),
        ),
    ]
