"""What the recommendations are like as a whole: a measurement to judge a change of the ranking by, not a test.

    DATABASE_URL=… .venv/bin/python -m tests.bench.also_playing_mix [--at 2026-10-01T12:00-07:00]

Without DATABASE_URL it loads the demo programme into a database of its own. For every public film's page it asks
for the cards and prints

- coverage: the share of films that could be recommended which stand on at least one page;
- freshness: the share of cards whose screening is still to come (must be all), and the median hours until then;
- variety: the mean number of different series on a page that has cards;
- the mix of reasons, and the share of cards that are sold out.
"""

import argparse
import os
import statistics
import tempfile
from collections import Counter
from datetime import datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festival.settings")
os.environ.setdefault("SECRET_KEY", "only-for-a-measurement")
OWN = "DATABASE_URL" not in os.environ
if OWN:
    folder = tempfile.TemporaryDirectory()
    os.environ["DATABASE_URL"] = f"sqlite:///{folder.name}/demo.sqlite3"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from films.also_playing import also_playing  # noqa: E402
from films.models import Film, Screening  # noqa: E402
from films.views.detail import film_for_page, showings_of, traits_of  # noqa: E402


def measure(at: datetime) -> None:
    cards = []
    pages = series = 0
    recommended = set()
    for film in film_for_page(Film.objects.announced(at), at).iterator(chunk_size=100):
        found = also_playing(film, traits_of(film, list(film.credits.in_order()), showings_of(film, at)), at)
        cards += found
        pages += bool(found)
        series += len({row["name"] for card in found for row in card.series})
        recommended |= {card.film.pk for card in found}
    upcoming = Screening.objects.public(at).upcoming(at)
    possible = set(Film.objects.public(at).filter(showings__screening__in=upcoming).values_list("pk", flat=True))
    if not cards:
        print("Nothing is to come, so nothing is recommended.")
        return
    hours = [(card.screening.starts_at - at).total_seconds() / 3600 for card in cards]
    reasons = Counter(card.why.split(" ")[1] if card.why.startswith("Also") else card.why for card in cards)
    print(f"{len(possible)} films to come; cards on {pages} pages, {len(cards)} in all")
    print(f"coverage   {len(recommended & possible) / len(possible):.0%}")
    print(
        f"freshness  {sum(hour > 0 for hour in hours) / len(hours):.0%}, median {statistics.median(hours):.0f} h ahead"
    )
    print(f"variety    {series / pages:.1f} series a page")
    print(f"sold out   {sum(card.statuses[0].tone == 'sold' for card in cards) / len(cards):.0%}")
    print("reasons    " + ", ".join(f"{why} {number / len(cards):.0%}" for why, number in reasons.most_common()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--at", type=datetime.fromisoformat, default=None, help="an instant with its offset")
    at = parser.parse_args().at or timezone.now()
    if OWN:
        call_command("migrate", verbosity=0)
        call_command("load_demo", no_pictures=True)
    measure(at)


if __name__ == "__main__":
    main()
