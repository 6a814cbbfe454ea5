from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0030_searched_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='removalrow',
            name='emptied',
            field=models.BooleanField(db_default=False, default=False, help_text='Fields are emptied, nothing is deleted'),
        ),
    ]
