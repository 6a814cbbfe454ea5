from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0029_signed_hooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='removalrow',
            name='emptied',
            field=models.BooleanField(db_default=False, default=False, help_text='Not the record is deleted: fields of it are emptied'),
        ),
    ]
