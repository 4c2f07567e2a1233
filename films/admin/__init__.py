"""What a programmer sees; the rules stand in the models, in `films.forms` and in `films.conflicts`."""

from films.admin import (
    advisory,
    edition,
    exchange,
    film,
    person,
    screening,
    status_change,
    ticket_feed,
    venue,
    vocabulary,
)

__all__ = [
    "advisory",
    "edition",
    "exchange",
    "film",
    "person",
    "screening",
    "status_change",
    "ticket_feed",
    "venue",
    "vocabulary",
]
