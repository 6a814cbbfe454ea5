"""The tables as they were at first."""

import crosswalk.store.secrets
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Connection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
                ('kind', models.CharField(choices=[('aha', 'Aha!'), ('jira', 'Jira')], max_length=10)),
                ('address', models.CharField(help_text='Base address without a trailing slash', max_length=500)),
                ('user', models.CharField(blank=True, help_text='E-mail or user name; empty for a bearer token', max_length=320)),
                ('secret', crosswalk.store.secrets.SecretField(blank=True, default='', help_text='API key, token or password; encrypted, never shown again')),
                ('authority', models.TextField(blank=True, help_text='PEM certificate of a private authority, for on-premise servers')),
                ('server', models.JSONField(default=dict, help_text='What Test connection found: flavour, version, account, rights')),
                ('checked_at', models.DateTimeField(null=True)),
                ('paused', models.CharField(blank=True, help_text='Why nothing is sent; empty while it works', max_length=500)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='Integration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
                ('workspace', models.CharField(help_text='Aha! workspace: its unchanging id', max_length=100)),
                ('workspace_key', models.CharField(help_text='Its reference prefix, as people say it', max_length=100)),
                ('project', models.CharField(help_text='Jira project: its unchanging id', max_length=100)),
                ('project_key', models.CharField(help_text='Its key, as people say it', max_length=100)),
                ('mapping', models.JSONField(default=dict, help_text='Types, field rules, value maps, options: see sync/mapping.py')),
                ('enabled', models.BooleanField(default=False)),
                ('hook_secret', models.CharField(help_text='The unguessable part of its webhook addresses', max_length=64, unique=True)),
                ('aha_cursor', models.CharField(blank=True, max_length=200)),
                ('jira_cursor', models.CharField(blank=True, max_length=200)),
                ('polled_at', models.DateTimeField(null=True)),
                ('swept_at', models.DateTimeField(help_text='When everything was last compared', null=True)),
                ('hooked_at', models.DateTimeField(help_text='When a hook last arrived', null=True)),
                ('trouble', models.CharField(blank=True, help_text='What keeps it from working; empty while it works', max_length=500)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('aha', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.connection')),
                ('jira', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.connection')),
            ],
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='One run at a time per key', max_length=200)),
                ('kind', models.CharField(max_length=20)),
                ('priority', models.IntegerField(default=0, help_text='Higher first')),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(default='todo', help_text='todo or doing', max_length=5)),
                ('tries', models.IntegerField(default=0)),
                ('started_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['key', 'state'], name='job_key'), models.Index(fields=['state', '-priority', 'due_at', 'id'], name='job_next')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'todo')), fields=('key',), name='one_waiting_per_key'), models.UniqueConstraint(condition=models.Q(('state', 'doing')), fields=('key',), name='one_running_per_key')],
            },
        ),
        migrations.CreateModel(
            name='Pair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='The Aha! kind: feature, requirement, release, epic, initiative', max_length=20)),
                ('left_kind', models.CharField(blank=True, max_length=20)),
                ('left_id', models.CharField(max_length=64, null=True)),
                ('left_key', models.CharField(blank=True, max_length=100)),
                ('right_kind', models.CharField(blank=True, max_length=20)),
                ('right_id', models.CharField(max_length=64, null=True)),
                ('right_key', models.CharField(blank=True, max_length=100)),
                ('title', models.CharField(blank=True, help_text='For lists and messages', max_length=300)),
                ('left_url', models.CharField(blank=True, max_length=500)),
                ('right_url', models.CharField(blank=True, max_length=500)),
                ('base', models.JSONField(default=dict)),
                ('dirty', models.BigIntegerField(default=1)),
                ('done', models.BigIntegerField(default=0)),
                ('due_at', models.DateTimeField(help_text='Not before this moment')),
                ('urgent', models.BooleanField(default=False, help_text='A person waits for it: before bulk work')),
                ('tries', models.IntegerField(default=0)),
                ('fence', models.BigIntegerField(default=0)),
                ('state', models.CharField(choices=[('new', 'To be sent'), ('agreed', 'In step'), ('waiting', 'Trying again'), ('asking', 'Needs a decision'), ('parked', 'Stopped'), ('gone', 'Deleted on one side')], default='new', max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('remedy', models.TextField(blank=True)),
                ('agreed_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('integration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='store.integration')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='store.pair')),
            ],
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('run', models.BigIntegerField(help_text='The fence of the run that wrote it', null=True)),
                ('level', models.CharField(default='info', help_text='info, warning or error', max_length=10)),
                ('what', models.TextField()),
                ('why', models.TextField(blank=True)),
                ('side', models.CharField(blank=True, max_length=5)),
                ('field', models.CharField(blank=True, max_length=200)),
                ('old', models.TextField(blank=True)),
                ('new', models.TextField(blank=True)),
                ('remedy', models.TextField(blank=True)),
                ('code', models.CharField(blank=True, max_length=10)),
                ('person', models.CharField(blank=True, help_text='Who caused it, where a person did', max_length=200)),
                ('integration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='journal', to='store.integration')),
                ('pair', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='journal', to='store.pair')),
            ],
        ),
        migrations.CreateModel(
            name='CreateIntent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(max_length=5)),
                ('token', models.CharField(max_length=64, unique=True)),
                ('since', models.DateTimeField()),
                ('sent_at', models.DateTimeField(help_text='Last sent without a sure answer; null: surely not landed', null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('pair', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='intents', to='store.pair')),
            ],
        ),
        migrations.CreateModel(
            name='ProjectData',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(max_length=5)),
                ('data', models.JSONField()),
                ('loaded_at', models.DateTimeField()),
                ('integration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='project_data', to='store.integration')),
            ],
        ),
        migrations.CreateModel(
            name='RequestEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.FloatField(help_text='Seconds since 1970, when the right to send was taken')),
                ('account', models.CharField(help_text='What shares the limit: product and host', max_length=300)),
                ('call', models.CharField(blank=True, max_length=300)),
                ('status', models.IntegerField(null=True)),
                ('seconds', models.FloatField(null=True)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('connection', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='store.connection')),
            ],
        ),
        migrations.CreateModel(
            name='HookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(max_length=5)),
                ('identifier', models.CharField(help_text="The server's, or the body's digest", max_length=200, unique=True)),
                ('received_at', models.DateTimeField()),
                ('headers', models.JSONField(default=dict)),
                ('body', models.BinaryField()),
                ('seen_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, help_text='What it woke, or why it is not ours', max_length=300)),
                ('integration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='hooks', to='store.integration')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('seen_at', None)), fields=['received_at'], name='hook_unseen')],
            },
        ),
        migrations.AddIndex(
            model_name='pair',
            index=models.Index(condition=models.Q(('dirty', models.F('done')), _negated=True), fields=['-urgent', 'due_at', 'id'], name='pair_due'),
        ),
        migrations.AddIndex(
            model_name='pair',
            index=models.Index(fields=['integration', 'state'], name='pair_state'),
        ),
        migrations.AddIndex(
            model_name='pair',
            index=models.Index(fields=['right_kind', 'right_id'], name='pair_right'),
        ),
        migrations.AddIndex(
            model_name='pair',
            index=models.Index(fields=['left_kind', 'left_id'], name='pair_left'),
        ),
        migrations.AddConstraint(
            model_name='pair',
            constraint=models.UniqueConstraint(fields=('integration', 'left_kind', 'left_id'), name='one_pair_per_left'),
        ),
        migrations.AddConstraint(
            model_name='pair',
            constraint=models.UniqueConstraint(fields=('integration', 'right_kind', 'right_id'), name='one_pair_per_right'),
        ),
        migrations.AddIndex(
            model_name='journalentry',
            index=models.Index(fields=['pair', 'id'], name='journal_pair'),
        ),
        migrations.AddConstraint(
            model_name='createintent',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('pair', 'side'), name='one_open_intent'),
        ),
        migrations.AddConstraint(
            model_name='projectdata',
            constraint=models.UniqueConstraint(fields=('integration', 'side'), name='project_data_per_side'),
        ),
        migrations.AddIndex(
            model_name='requestentry',
            index=models.Index(fields=['account', 'at'], name='request_budget'),
        ),
    ]
