from django.db import migrations, models

from crosswalk.store.indexing import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # nobody waits for the index

    dependencies = [
        ('store', '0039_apart'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='pair',
            index=models.Index(
                condition=models.Q(('apart__isnull', False)),
                fields=['integration', 'held', 'state', 'kind', 'dirty', 'done'],
                name='pair_apart',
            ),
        ),
    ]
