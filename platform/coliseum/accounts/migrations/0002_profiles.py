"""What people say of themselves, names as they look, follows, exports, and accounts that are gone."""

import coliseum.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='profile', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('display_name', models.CharField(blank=True, max_length=80)),
                ('bio', models.TextField(blank=True)),
                ('affiliation', models.CharField(blank=True, max_length=120)),
                ('link', models.CharField(blank=True, max_length=200)),
                ('picture', models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.AddField(
            model_name='user',
            name='deleted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='erased_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='TakenName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('realm', models.CharField(max_length=60)),
                ('look', models.CharField(max_length=200)),
                ('owner', models.CharField(max_length=18)),
            ],
            options={
                'indexes': [models.Index(fields=['owner', 'realm'], name='names_of_owner')],
                'constraints': [models.UniqueConstraint(fields=('realm', 'look'), name='a_look_is_taken_once')],
            },
        ),
        migrations.CreateModel(
            name='DataExport',
            fields=[
                ('id', models.CharField(default=coliseum.ids.new_id, editable=False, max_length=18, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('making', 'being made'), ('ready', 'ready'), ('failed', 'failed')], default='waiting', max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('ready_at', models.DateTimeField(blank=True, null=True)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('key', models.CharField(blank=True, max_length=60)),
                ('size_bytes', models.PositiveBigIntegerField(default=0)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'making'])), fields=('user',), name='one_export_at_a_time'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'making', 'ready', 'failed'])), name='export_state')],
            },
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(max_length=90)),
                ('since', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['topic'], name='followers_of_topic')],
                'constraints': [models.UniqueConstraint(fields=('user', 'topic'), name='a_topic_is_followed_once')],
            },
        ),
    ]
