from django.conf import settings
from django.http import HttpRequest


def festival(request: HttpRequest) -> dict:
    """The festival's own name and colour for every template; the same for every visitor."""
    return {
        "festival_name": settings.FESTIVAL_NAME,
        "festival_tagline": settings.FESTIVAL_TAGLINE,
        "festival_grade": settings.FESTIVAL_GRADE,
        "festival_box_office": settings.FESTIVAL_BOX_OFFICE,
    }
