"""Which side had news is kept with a pair. Of what is under way already nobody knows: both may have."""

from django.db import migrations, models
from django.db.models import F


def anyone(apps, schema_editor):
    """Until the next wake, both sides count as having news."""
    apps.get_model("store", "Pair").objects.using(schema_editor.connection.alias).update(left_told=F("dirty"), right_told=F("dirty"))


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0010_tokens"),
    ]

    operations = [
        migrations.AddField(
            "pair",
            "left_told",
            models.BigIntegerField(default=0, help_text="The dirty count when the left last had news"),
        ),
        migrations.AddField(
            "pair",
            "right_told",
            models.BigIntegerField(default=0, help_text="The dirty count when the right last had news"),
        ),
        migrations.RunPython(anyone, migrations.RunPython.noop),
    ]
