"""How a page writes times, titles and drawings; the wording itself is in films.wording."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from films import vocabulary, wording
from films.models import Screening
from films.titles import width_class

register = template.Library()

for write in (
    wording.clock,
    wording.hour,
    wording.day_of_month,
    wording.day,
    wording.day_with_year,
    wording.long_day,
    wording.weekday,
    wording.dates,
    wording.showtime,
    wording.minutes,
    vocabulary.country_name,
    vocabulary.language_name,
    vocabulary.genre_name,
    vocabulary.warning_name,
    width_class,
):
    register.filter(write.__name__, write)


@register.filter
def showday(screening: Screening) -> str:
    return wording.showday(screening)


@register.filter
def showday_with_year(screening: Screening) -> str:
    return wording.showday(screening, with_year=True)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One drawing of the sprite; decoration beside a word, never instead of one."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("icons.svg"), name)
