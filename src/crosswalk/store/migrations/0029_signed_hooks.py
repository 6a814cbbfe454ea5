from django.db import migrations, models

import crosswalk.store.secrets


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0028_birth'),
    ]

    operations = [
        migrations.AddField(
            model_name='integration',
            name='hook_signature',
            field=crosswalk.store.secrets.SecretField(blank=True, default='', help_text="What Jira signs its hooks with; encrypted"),
        ),
        migrations.AddField(
            model_name='integration',
            name='hooks_signed',
            field=models.BooleanField(default=False, help_text="Whether Jira's hooks were signed once, and have to be"),
        ),
    ]
