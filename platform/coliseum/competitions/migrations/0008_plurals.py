from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0007_announcements'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='entry',
            options={'verbose_name_plural': 'entries'},
        ),
    ]
