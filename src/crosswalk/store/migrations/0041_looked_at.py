from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0040_apart_found'),
    ]

    operations = [
        migrations.AddField(
            model_name='pair',
            name='looked_at',
            field=models.DateTimeField(help_text='The first of those looks', null=True),
        ),
    ]
