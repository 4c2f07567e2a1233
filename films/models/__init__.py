from films.models.advisory import (
    Classification,
    ClassificationScheme,
    ContentWarning,
    FilmClassification,
    UnclassifiedRule,
    WarningKind,
)
from films.models.credit import Credit, CreditRole
from films.models.edition import Edition
from films.models.film import Film, FilmCountry, OldSlug, Quote
from films.models.history import TRACKED
from films.models.import_run import ImportRun
from films.models.lineup import AccessFeature, ProgrammePart, ScreeningFilm, ScreeningGuest
from films.models.presence import EditingPresence
from films.models.preview_link import PreviewLink
from films.models.revision import Revision
from films.models.screening import Screening
from films.models.search_text import SearchNames, SearchText, SearchWord
from films.models.series import Series
from films.models.source import SourceRow
from films.models.status_change import StatusChange
from films.models.ticket_feed import FeedMessage, TicketFeed
from films.models.vocabulary import Country, Genre, Language
from films.models.waiting_sheet import WaitingSheet

__all__ = [
    "AccessFeature",
    "Classification",
    "ClassificationScheme",
    "ContentWarning",
    "Country",
    "Credit",
    "CreditRole",
    "Edition",
    "EditingPresence",
    "FeedMessage",
    "Film",
    "FilmClassification",
    "FilmCountry",
    "Genre",
    "ImportRun",
    "Language",
    "OldSlug",
    "PreviewLink",
    "ProgrammePart",
    "Quote",
    "Revision",
    "Screening",
    "ScreeningFilm",
    "ScreeningGuest",
    "SearchNames",
    "SearchText",
    "SearchWord",
    "Series",
    "SourceRow",
    "StatusChange",
    "TRACKED",
    "TicketFeed",
    "UnclassifiedRule",
    "WaitingSheet",
    "WarningKind",
]
