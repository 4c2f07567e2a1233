import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.factories import VenueFactory
from venues.models import TravelTime

pytestmark = pytest.mark.django_db


def test_way_leads_to_another_venue_and_has_one_time():
    rio, annex = VenueFactory(), VenueFactory()
    TravelTime.objects.create(origin=rio, destination=annex, minutes=20)
    TravelTime.objects.create(origin=annex, destination=rio, minutes=25)
    for destination in (rio, annex):
        with pytest.raises(IntegrityError), transaction.atomic():
            TravelTime.objects.create(origin=rio, destination=destination, minutes=30)


def test_venue_s_page_in_the_office_holds_the_ways_that_begin_there(admin_client):
    rio, annex = VenueFactory(), VenueFactory()
    TravelTime.objects.create(origin=rio, destination=annex, minutes=20)
    pages = [admin_client.get(reverse("admin:venues_venue_change", args=[venue.pk])) for venue in (rio, annex)]
    totals = [page.context["inline_admin_formsets"][-1].formset.initial_form_count() for page in pages]
    assert totals == [1, 0]
