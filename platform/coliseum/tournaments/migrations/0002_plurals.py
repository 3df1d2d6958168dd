from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('tournaments', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='pairedmatch',
            options={'ordering': ['number'], 'verbose_name_plural': 'paired matches'},
        ),
    ]
