"""What people were told, how they want to be told, and webhooks with what was sent to them."""

import coliseum.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_token_competition'),
        ('competitions', '0007_announcements'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Look',
            fields=[
                ('name', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='notice_preference', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('choices', models.JSONField(default=dict)),
                ('digest', models.CharField(choices=[('off', 'never'), ('daily', 'once a day'), ('weekly', 'once a week')], default='off', max_length=6)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phase', models.PositiveBigIntegerField()),
                ('submission', models.CharField(max_length=18)),
                ('rank', models.PositiveIntegerField()),
                ('rank_low', models.PositiveIntegerField()),
                ('rank_high', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('phase', 'submission'), name='one_place_told')],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.CharField(default=coliseum.ids.new_id, editable=False, max_length=18, primary_key=True, serialize=False)),
                ('url', models.CharField(max_length=400)),
                ('made_at', models.DateTimeField()),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
                ('switched_off_at', models.DateTimeField(blank=True, null=True)),
                ('competition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='competitions.competition')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.CharField(default=coliseum.ids.new_id, editable=False, max_length=18, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('validated', 'An agent passed validation'), ('rejected', 'An agent failed validation'), ('first_matches', 'An agent has played its first 10 matches'), ('rank', 'An agent moved further than its interval'), ('suspended', 'An agent was suspended'), ('let_back', 'A suspended agent was let back in'), ('beaten', 'An agent was beaten by one for the first time'), ('deadline', 'A competition closes within a day'), ('result', 'A result is final'), ('announcement', 'A host announced something'), ('join_answer', 'A request to join was answered'), ('hook_off', 'A webhook was switched off')], max_length=16)),
                ('key', models.CharField(max_length=120)),
                ('facts', models.JSONField(default=dict)),
                ('path', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('is_listed', models.BooleanField(default=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('is_for_mail', models.BooleanField(default=False)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('is_listed', True)), fields=['user', 'id'], name='notices_in_order'), models.Index(condition=models.Q(('is_listed', True), ('read_at__isnull', True)), fields=['user'], name='unread_notices'), models.Index(condition=models.Q(('is_for_mail', True), ('mailed_at__isnull', True)), fields=['user'], name='unmailed_notices')],
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='told_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['validated', 'rejected', 'first_matches', 'rank', 'suspended', 'let_back', 'beaten', 'deadline', 'result', 'announcement', 'join_answer', 'hook_off'])), name='notice_kind')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.CharField(default=coliseum.ids.new_id, editable=False, max_length=18, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=16)),
                ('key', models.CharField(max_length=120)),
                ('body', models.TextField()),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('delivered', 'delivered'), ('failed', 'failed')], default='waiting', max_length=9)),
                ('made_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('tried_at', models.DateTimeField(blank=True, null=True)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('problem', models.CharField(blank=True, max_length=200)),
                ('answer', models.CharField(blank=True, max_length=200)),
                ('seconds', models.FloatField(default=0.0)),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notices.webhook')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_at'], name='due_deliveries')],
                'constraints': [models.UniqueConstraint(fields=('webhook', 'key'), name='delivered_once'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'delivered', 'failed'])), name='delivery_state'), models.CheckConstraint(condition=models.Q(models.Q(('next_at__isnull', False), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('next_at__isnull', True)), _connector='OR'), name='waiting_deliveries_have_a_time')],
            },
        ),
    ]
