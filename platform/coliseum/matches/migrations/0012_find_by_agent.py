from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0001_initial'),
        ('matches', '0011_thought'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='seat',
            index=models.Index(fields=['submission', 'match'], name='seats_of_agent'),
        ),
        migrations.AddIndex(
            model_name='seat',
            index=models.Index(condition=models.Q(('forfeits__gt', 0)), fields=['match'], name='forfeited_seats'),
        ),
        migrations.AddIndex(
            model_name='match',
            index=models.Index(
                condition=models.Q(('state', 'finished'), _negated=True),
                fields=['state', 'competition', 'id'],
                name='unfinished_matches',
            ),
        ),
        migrations.AddIndex(
            model_name='match',
            index=models.Index(
                condition=models.Q(('kind', 'league'), _negated=True),
                fields=['kind', 'competition', 'id'],
                name='other_matches',
            ),
        ),
        # The first index serves what the one of the foreign key did.
        migrations.AlterField(
            model_name='seat',
            name='submission',
            field=models.ForeignKey(
                db_index=False,
                on_delete=models.deletion.PROTECT,
                related_name='seats',
                to='submissions.submission',
            ),
        ),
    ]
