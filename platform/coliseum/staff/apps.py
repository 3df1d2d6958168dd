"""Puts our site of staff pages in the place of Django's own."""

from django.contrib.admin.apps import AdminConfig


class StaffConfig(AdminConfig):
    """Django's app, with another site."""

    default_site = "coliseum.staff.desk.StaffSite"
