"""A user name is taken once, however it is written."""

from django.db import migrations, models
from django.db.models import Count
from django.db.models.functions import Lower


def tell_apart(apps, schema_editor):
    """Number those who share a name with somebody who was there before them: Gil becomes Gil-2."""
    users = apps.get_model("accounts", "User").objects
    taken = {name.lower() for name in users.values_list("username", flat=True)}
    shared = users.annotate(low=Lower("username")).values("low").annotate(people=Count("pk")).filter(people__gt=1)
    for low in list(shared.values_list("low", flat=True)):
        for user in users.annotate(low=Lower("username")).filter(low=low).order_by("pk")[1:]:
            number = 2
            while f"{low}-{number}" in taken:
                number += 1
            taken.add(f"{low}-{number}")
            user.username = f"{user.username}-{number}"
            user.save(update_fields=["username"])


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0003_token_competition"),
    ]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                Lower("username"), name="a_username_is_taken_once_in_any_case"
            ),
        ),
    ]
