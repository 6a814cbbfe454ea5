from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0025_counted_apart'),
    ]

    operations = [
        migrations.AddField(
            model_name='integration',
            name='stopped',
            field=models.TextField(blank=True, help_text="What a sweep would change, while that waits for a person's word"),
        ),
    ]
