"""Render the kit's templates with plain Django templates: no site, no settings of the site."""

from pathlib import Path
from typing import Any

from django.template import Context, Engine

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"

ENGINE = Engine(
    dirs=[FRONTEND / "templates"],
    libraries={"static": "tests.frontend.static_tags", "i18n": "django.templatetags.i18n"},
)


def render(name: str, context: dict[str, Any]) -> str:
    return ENGINE.get_template(name).render(Context(context))
