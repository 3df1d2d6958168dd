"""A `{% static %}` tag with plain addresses: the parts are rendered without a collected manifest."""

from django import template

register = template.Library()


@register.simple_tag
def static(path: str) -> str:
    return f"/static/{path}"
