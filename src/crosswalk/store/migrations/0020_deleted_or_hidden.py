from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0019_app_hooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='pair',
            name='deleted_on',
            field=models.CharField(blank=True, default='', help_text='The side that said its record was deleted', max_length=5),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='removalrow',
            name='doubt',
            field=models.BooleanField(default=False, help_text='The counterpart may be hidden; a person says whether'),
        ),
    ]
