from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('matches', '0012_find_by_agent'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='match',
            options={'verbose_name_plural': 'matches'},
        ),
    ]
