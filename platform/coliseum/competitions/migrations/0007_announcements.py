"""What hosts tell the people of a competition, and where these talk about it."""

import coliseum.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0006_rules_and_eligibility'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='competition',
            name='forum_url',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.CharField(default=coliseum.ids.new_id, editable=False, max_length=18, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120)),
                ('text', models.TextField(blank=True)),
                ('is_public', models.BooleanField(default=True)),
                ('is_pinned', models.BooleanField(default=False)),
                ('is_automatic', models.BooleanField(default=False)),
                ('code', models.CharField(blank=True, max_length=40)),
                ('at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=400)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('competition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='announcements', to='competitions.competition')),
                ('entries', models.ManyToManyField(blank=True, related_name='announcements', to='competitions.entry')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['competition', 'id'], name='announcements_in_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_pinned', False), ('withdrawn_at__isnull', True), _connector='OR'), name='pinned_is_not_withdrawn')],
            },
        ),
    ]
