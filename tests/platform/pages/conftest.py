"""A browser without JavaScript: cookies, forms with their CSRF token, and what a page shows."""

import html
import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from coliseum.accounts.models import User

CSRF = "a" * 32


class Browser:
    """Visits pages and sends forms as one person would; an uncaught error is a 500, as it is for people."""

    def __init__(self, user: User | None) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if user is not None:
            self.client.force_login(user)
        self.client.cookies["csrftoken"] = CSRF

    def get(self, address: str, **headers: str) -> HttpResponse:
        return self.client.get(address, headers=headers)

    def post(self, address: str, **fields: object) -> HttpResponse:
        token = self.client.cookies["csrftoken"].value
        return self.client.post(address, fields | {"csrfmiddlewaretoken": token})


@pytest.fixture
def browser() -> Callable[..., Browser]:
    """Return a maker of browsers: `browser(ann)`; without a person, a stranger's."""

    def make(user: User | None = None) -> Browser:
        return Browser(user)

    return make


def text_of(response: HttpResponse) -> str:
    """Return a page's main part as one line of plain text."""
    page = response.content.decode()
    main = re.search(r"<main.*?</main>", page, re.S)
    words = re.sub(r"<[^>]+>", " ", main[0] if main else page)
    return re.sub(r"\s+", " ", html.unescape(words)).strip()
