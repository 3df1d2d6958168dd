"""Full addresses of pages, for answers that people may follow."""

from django.conf import settings
from django.urls import reverse


def page_address(name: str, *args: object) -> str:
    """Return the full address of a page by its name."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
