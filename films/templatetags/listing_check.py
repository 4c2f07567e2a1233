from django import template

from films.admin.marks import mark
from films.listing_check import Finding, Level

register = template.Library()

# Where the form has rows rather than a field.
ROWS = {"credits", "origins", "parts", "quotes", "classifications", "items", "guest_rows"}


@register.filter
def sign(level: Level) -> str:
    return mark(level)


@register.filter
def anchor(finding: Finding) -> str:
    """The id, in the change form, of what mends it."""
    return f"{finding.field}-group" if finding.field in ROWS else f"id_{finding.field}"
