from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0036_replaced'),
    ]

    operations = [
        migrations.AddField(
            model_name='pair',
            name='looks',
            field=models.IntegerField(
                db_default=0, default=0, help_text='Those tries that saw what is not believed at once'
            ),
        ),
    ]
