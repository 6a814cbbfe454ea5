from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0029_signed_hooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='acquaintance',
            name='found_id',
            field=models.CharField(blank=True, db_default="", help_text="Whom an exact search found", max_length=200),
        ),
        migrations.AddField(
            model_name='acquaintance',
            name='searched_at',
            field=models.DateTimeField(help_text="When that was searched", null=True),
        ),
    ]
