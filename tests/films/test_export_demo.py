"""The demo, which has everything, exported and taken in again."""

import pytest

from films.demo.loading import load
from films.interchange import import_programme, uploaded_package
from films.interchange.exporting import export_edition, export_everything, workbook_of, zip_of
from films.models import Edition, Film, Screening
from people.models import Person
from tests.factories import NOW, FilmFactory, RoomFactory
from tests.films.exports import assert_round_trip, content

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def demo(standing_rows):
    load(NOW, pictures=False)


@pytest.mark.parametrize("as_file", [zip_of, workbook_of])
def test_demo_comes_back_the_same(as_file):
    Film.objects.filter(slug="eider").update(locked_fields=["title", "runtime"])
    screening = Screening.objects.order_by("pk").last()
    screening.room = RoomFactory()
    screening.occurrence = "moved"
    screening.save()
    assert_round_trip(as_file)


def test_demo_exported_and_merged_into_itself_changes_nothing():
    # An import marks both of two that overlap, so it has to find both marked.
    Screening.objects.update(overlap_reason="Seen")
    FilmFactory(edition=Edition.objects.first(), title="Namesakes", directors=[
        Person.objects.create(name="Kim Ji-woo"), Person.objects.create(name="KIM JI-WOO")
    ])  # fmt: skip
    for edition in Edition.objects.order_by("pk"):
        exported = zip_of(export_edition(edition))
        before = content()
        report = import_programme(uploaded_package(exported), source="desk", edition=edition.name)
        assert report.changes == []
        assert report.changed_nothing
        assert list(report.kept) == []
        assert content() == before
    whole = zip_of(export_everything())
    assert import_programme(uploaded_package(whole), source="desk", edition=edition.name).changed_nothing
    assert content() == before
