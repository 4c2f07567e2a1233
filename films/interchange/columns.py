"""The columns of the four files.

Those of the interchange format must stand in the header, in any order; the cells of most may be empty. Further ones of
our own may stand there too, and a cell that is empty, or a column that is absent, says nothing about what is here:

`films.csv`
    `title_language`, `original_language`  language tags, like fr or zh-Hant (of `title` and `alt_title`)
    `sort_title`                           what the title sorts by
    `premiere`                             world, international, north_american, european, canadian, national, regional
    `blurb`, `guest_note`, `language_line` one line each, as the film page shows them
    `genres`                               split by |
    `quote`, `quote_source`                a line from a review, and who wrote it
    `edition`                              into which edition, where not into the one that the import is for
    `state`, `embargo_until`               draft, scheduled, published, withdrawn: of a film that is new; publication of
                                           one that is here is decided here

`credits.csv`
    `person`                               the person's key, where the name alone does not say who

`screenings.csv`
    `ticket_url`, `price`                  price with a point and no currency, 0 for free
    `sales`                                not_yet, on_sale, selling_fast, standby, off_sale, sold_out, free,
                                           free_registration, pass_only, unknown; `sold_out=1` outweighs it
    `access`                               open_captions, caption_devices, sdh, audio_description, signed_talk, relaxed,
                                           split by |; a trailing ? means "not confirmed yet"
    `guests`, `guest_keys`                 names of people, and their keys in the same order, split by |
    `guest_note`, `language_line`          one line each
    `subtitle_language`                    a language tag
    `premiere`                             1 or 0: whether this screening is the premiere
    `talk_min`, `preshow_min`              minutes
    `edition`                              as above
    `occurrence`                           scheduled, moved, postponed, cancelled; `cancelled=1` outweighs it, and where
                                           from a screening was moved only this site knows

Spreadsheets take a cell that starts with = + - @ for a formula, so an export puts an apostrophe before it; the reader
takes that apostrophe away.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from films.interchange import cells
from films.interchange.cells import Reader, of, text, words
from films.models import AccessFeature, CreditRole, Edition, Film, Quote, Screening, Series
from films.models.vocabulary import Word
from people.models import Person
from venues.models import Room, Venue

KEY = text(300)
# A room is known by its venue's key and its own name together.
VENUE_KEY = text(90)
WORD = words(Word._meta.get_field("name").max_length)


@dataclass(frozen=True)
class Column:
    name: str
    read: Reader
    must_be_filled: bool = False
    is_optional: bool = False
    empty: Any = ""


@dataclass(frozen=True)
class Sheet:
    file: str
    columns: tuple[Column, ...]


VENUES = Sheet(
    "venues.csv",
    (
        Column("key", VENUE_KEY, must_be_filled=True),
        Column("name", of(Venue, "name"), must_be_filled=True),
        Column("address", of(Venue, "address")),
        Column("rooms", words(Room._meta.get_field("name").max_length), empty=()),
    ),
)
FILMS = Sheet(
    "films.csv",
    (
        Column("key", KEY, must_be_filled=True),
        Column("title", of(Film, "title"), must_be_filled=True),
        Column("alt_title", of(Film, "original_title")),
        Column("kind", text(100)),
        Column("year", cells.number(_("a year"), 1), empty=None),
        Column("runtime_min", cells.number(_("a number of minutes"), 1), empty=None),
        Column("countries", WORD, empty=()),
        Column("languages", WORD, empty=()),
        Column("rating", text(200)),
        Column("warnings", WORD, empty=()),
        Column("sections", words(Series._meta.get_field("name").max_length), empty=()),
        Column("synopsis", cells.prose),
        Column("title_language", cells.language_tag, is_optional=True),
        Column("original_language", cells.language_tag, is_optional=True),
        Column("sort_title", of(Film, "sort_title"), is_optional=True),
        Column("premiere", cells.choice(Film.Premiere), is_optional=True),
        Column("blurb", of(Film, "blurb"), is_optional=True),
        Column("guest_note", of(Film, "guest_note"), is_optional=True),
        Column("language_line", of(Film, "language_line"), is_optional=True),
        Column("genres", WORD, is_optional=True, empty=()),
        Column("quote", of(Quote, "text"), is_optional=True),
        Column("quote_source", of(Quote, "source"), is_optional=True),
        Column("edition", of(Edition, "name"), is_optional=True),
        Column("state", cells.choice(Film.State), is_optional=True),
        Column("embargo_until", cells.instant, is_optional=True, empty=None),
    ),
)
CREDITS = Sheet(
    "credits.csv",
    (
        Column("film", KEY, must_be_filled=True),
        Column("role", of(CreditRole, "name"), must_be_filled=True),
        Column("position", cells.number(_("a position"), advice=_("Number the names of a role 1, 2, 3 ….")), empty=0),
        Column("name", of(Person, "name"), must_be_filled=True),
        Column("person", KEY, is_optional=True),
    ),
)
SCREENINGS = Sheet(
    "screenings.csv",
    (
        Column("key", KEY, must_be_filled=True),
        Column("films", words(300), empty=()),
        Column("title", of(Screening, "title")),
        Column("venue", VENUE_KEY, must_be_filled=True),
        Column("room", of(Room, "name")),
        Column("start_local", cells.wall_time, empty=None),
        Column("end_local", cells.wall_time, empty=None),
        Column("tz", cells.time_zone, must_be_filled=True),
        Column("start_utc", cells.instant, must_be_filled=True),
        Column("public", cells.yes_no, must_be_filled=True),
        Column("cancelled", cells.yes_no, empty=False),
        Column("sold_out", cells.yes_no, empty=False),
        Column("flags", of(Screening, "note")),
        Column("ticket_url", cells.address, is_optional=True),
        Column("price", cells.price, is_optional=True, empty=None),
        Column("sales", cells.choice(Screening.Sales), is_optional=True),
        Column("access", cells.access_features(AccessFeature.Feature), is_optional=True, empty=()),
        Column("guests", words(300), is_optional=True, empty=()),
        Column("guest_keys", words(300), is_optional=True, empty=()),
        Column("guest_note", of(Screening, "guest_note"), is_optional=True),
        Column("language_line", of(Screening, "language_line"), is_optional=True),
        Column("subtitle_language", cells.language_tag, is_optional=True),
        Column("premiere", cells.yes_no, is_optional=True, empty=None),
        Column("talk_min", cells.number(_("a number of minutes")), is_optional=True, empty=None),
        Column("preshow_min", cells.number(_("a number of minutes")), is_optional=True, empty=None),
        Column("edition", of(Edition, "name"), is_optional=True),
        Column("occurrence", cells.choice(Screening.Occurrence), is_optional=True),
    ),
)
