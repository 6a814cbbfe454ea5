"""Webhook secrets are encrypted like every other credential."""

from django.db import migrations, models

import crosswalk.store.secrets


def seal(apps, schema_editor):
    """Move each secret into its sealed column."""
    for row in apps.get_model("store", "Integration").objects.using(schema_editor.connection.alias):
        row.hook_secret = row.hook_plain
        row.save(update_fields=["hook_secret"])


def unseal(apps, schema_editor):
    """The way back."""
    for row in apps.get_model("store", "Integration").objects.using(schema_editor.connection.alias):
        row.hook_plain = row.hook_secret.reveal()
        row.save(update_fields=["hook_plain"])


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0003_people"),
    ]

    operations = [
        migrations.RenameField("integration", "hook_secret", "hook_plain"),
        migrations.AlterField(
            "integration", "hook_plain", models.CharField(max_length=64, null=True)
        ),
        migrations.AddField(
            "integration",
            "hook_secret",
            crosswalk.store.secrets.SecretField(
                blank=True, default="", help_text="The unguessable part of its webhook addresses; encrypted"
            ),
        ),
        migrations.RunPython(seal, unseal),
        migrations.RemoveField("integration", "hook_plain"),
    ]
