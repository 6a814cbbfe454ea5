import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0016_pair_counts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
                ('data', models.JSONField()),
                ('person', models.CharField(blank=True, max_length=200)),
                ('changed_at', models.DateTimeField()),
                ('aha', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='store.connection')),
                ('jira', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='store.connection')),
            ],
        ),
        migrations.AddField(
            model_name='integration',
            name='taken',
            field=models.JSONField(default=dict, help_text="The template's mapping as it was last taken"),
        ),
        migrations.AddField(
            model_name='integration',
            name='template',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='users', to='store.template'),
        ),
    ]
