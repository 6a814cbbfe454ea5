from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0024_wrote'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='pair',
            name='pair_counts',
        ),
        migrations.AddIndex(
            model_name='pair',
            index=models.Index(fields=['integration', 'held', 'state'], name='pair_counted'),
        ),
        migrations.AddIndex(
            model_name='pair',
            index=models.Index(condition=models.Q(('dirty', models.F('done')), _negated=True), fields=['integration', 'held', 'state', 'due_at', 'dirty', 'done'], name='pair_due_here'),
        ),
        migrations.AddIndex(
            model_name='pair',
            index=models.Index(condition=models.Q(('right_id', None)), fields=['integration', 'held', 'state', 'right_id'], name='pair_alone'),
        ),
    ]
