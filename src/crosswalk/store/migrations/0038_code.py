from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0037_looks'),
    ]

    operations = [
        migrations.AddField(
            model_name='pair',
            name='code',
            field=models.CharField(
                blank=True, db_default='', help_text='Of the reason: a file in docs/errors', max_length=10
            ),
        ),
    ]
