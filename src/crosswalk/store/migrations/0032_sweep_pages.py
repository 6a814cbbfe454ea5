import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0031_emptied'),
    ]

    operations = [
        migrations.CreateModel(
            name='SweepPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text="Which of its sweeps: scheduled, a person's, approved", max_length=10)),
                ('began_at', models.DateTimeField(help_text='When the sweep began')),
                ('next', models.IntegerField(help_text='The page of the list that comes next; null where there is none', null=True)),
                ('met', models.JSONField(default=list, help_text='The pairs that were compared, by id')),
                ('found', models.JSONField(default=list, help_text='Those that are not in step, see sync/sweep.py')),
                ('integration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='store.integration')),
            ],
            options={
                'indexes': [models.Index(fields=['integration', 'name', 'id'], name='sweep_page')],
            },
        ),
    ]
