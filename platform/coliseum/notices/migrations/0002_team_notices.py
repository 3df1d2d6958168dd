"""People are told of what happens in their team."""

from django.conf import settings
from django.db import migrations, models


def forget_team_notices(apps, schema_editor):
    """Take away what was not known before."""
    apps.get_model("notices", "Notice").objects.filter(kind="team").delete()
    apps.get_model("notices", "Delivery").objects.filter(kind="team").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0001_notices_and_webhooks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_kind',
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('validated', 'An agent passed validation'), ('rejected', 'An agent failed validation'), ('first_matches', 'An agent has played its first 10 matches'), ('rank', 'An agent moved further than its interval'), ('suspended', 'An agent was suspended'), ('let_back', 'A suspended agent was let back in'), ('beaten', 'An agent was beaten by one for the first time'), ('deadline', 'A competition closes within a day'), ('result', 'A result is final'), ('announcement', 'A host announced something'), ('join_answer', 'A request to join was answered'), ('team', 'The people of a team changed'), ('hook_off', 'A webhook was switched off')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['validated', 'rejected', 'first_matches', 'rank', 'suspended', 'let_back', 'beaten', 'deadline', 'result', 'announcement', 'join_answer', 'team', 'hook_off'])), name='notice_kind'),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_team_notices),
    ]
