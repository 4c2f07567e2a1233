"""What may be missing from a film, or odd about it. Each rule yields a sentence for whoever can mend it."""

import re
from collections import defaultdict

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from films.admission import is_classified
from films.listing_check.film_facts import FilmFacts
from films.listing_check.rules import Level, Rules
from films.listing_check.wording import markup_in, placeholder_in, shouts
from films.models import Film
from films.models.lineup import runtime_of
from people.text import fold, is_blank

FILM_RULES = Rules()
rule = FILM_RULES.add

ERROR, WARNING, HINT = Level.ERROR, Level.WARNING, Level.HINT
SHORTEST_FEATURE, LONGEST_SHORT, LONGEST_FILM = 40, 60, 360
FIRST_FILM_EVER = 1888


# What is missing


@rule("no-alt-text", ERROR, gettext_lazy("Still without alternative text"), "still_alt", missing=True)
def no_alt_text(facts: FilmFacts):
    if facts.film.still_key and is_blank(facts.film.still_alt):
        yield _("The still has no alternative text: say what it shows, for those who do not see it.")


@rule("no-still", HINT, gettext_lazy("No still"), "still_upload", missing=True)
def no_still(facts: FilmFacts):
    if not facts.film.still_key and not facts.is_to_be_announced and facts.film.kind != Film.Kind.SHORT:
        yield _("It has no still: its page and its cards show a plain colour.")


@rule("no-synopsis", WARNING, gettext_lazy("No synopsis"), "synopsis", missing=True)
def no_synopsis(facts: FilmFacts):
    if is_blank(facts.film.synopsis) and not facts.is_to_be_announced:
        yield _("It has no synopsis, so its page does not say what it is about.")


@rule("no-blurb", HINT, gettext_lazy("No blurb"), "blurb", missing=True)
def no_blurb(facts: FilmFacts):
    if is_blank(facts.film.blurb) and not facts.is_to_be_announced and facts.film.kind != Film.Kind.SHORT:
        yield _("It has no blurb, the one sentence that cards show.")


@rule("no-director", WARNING, gettext_lazy("No director"), "credits", missing=True)
def no_director(facts: FilmFacts):
    is_directed = any(credit.is_directing for credit in facts.credits)
    if facts.is_work and not is_directed and not facts.is_to_be_announced:
        yield _("It names nobody as its director.")


@rule("no-runtime", WARNING, gettext_lazy("Runtime unknown"), "runtime", missing=True)
def no_runtime(facts: FilmFacts):
    if facts.is_to_be_announced or not (facts.is_work or facts.film.kind == Film.Kind.PROGRAMME):
        return
    if facts.film.kind == Film.Kind.PROGRAMME and not facts.parts and not facts.film.runtime:
        return  # It has no films either, and that is said below.
    if not runtime_of(facts.film)[1]:
        slot = facts.film.edition.default_slot
        yield _("Its runtime is not known: screenings count %(slot)d minutes for it and say “approx.”.") % {
            "slot": slot
        }


@rule("no-screening", WARNING, gettext_lazy("Published without a screening"), "state", missing=True)
def no_screening(facts: FilmFacts):
    if not facts.showings and not facts.is_to_be_announced and not facts.edition_is_over:
        yield _("No public screening shows it, so its page says “Dates to be announced”.")


@rule("no-language", HINT, gettext_lazy("No language"), "language_line", missing=True)
def no_language(facts: FilmFacts):
    says_it = facts.has_language or not is_blank(facts.film.language_line)
    if facts.is_work and not says_it and not facts.is_to_be_announced:
        yield _("It says nothing of its language; “No dialogue” is an answer too.")


@rule("no-country", HINT, gettext_lazy("No country"), "origins", missing=True)
def no_country(facts: FilmFacts):
    if facts.is_work and not facts.has_country and not facts.is_to_be_announced:
        yield _("It has no country.")


@rule("no-year", HINT, gettext_lazy("No year"), "year", missing=True)
def no_year(facts: FilmFacts):
    if facts.is_work and not facts.film.year and not facts.is_to_be_announced:
        yield _("It has no year.")


@rule("quote-without-address", HINT, gettext_lazy("Quote without the address of its source"), "quotes")
def quote_without_address(facts: FilmFacts):
    for source in facts.unlinked_quotes:
        yield _("The quote from %(source)s does not link to where it stands.") % {"source": source}


@rule("programme-without-films", WARNING, gettext_lazy("Programme without films"), "parts", missing=True)
def programme_without_films(facts: FilmFacts):
    if facts.film.kind == Film.Kind.PROGRAMME and not facts.parts and not facts.is_to_be_announced:
        yield _("It is a programme of several films and lists none of them.")


# What is odd


@rule("title-in-capitals", HINT, gettext_lazy("Title in capitals"), "title")
def title_in_capitals(facts: FilmFacts):
    if shouts(facts.film.title):
        yield _("The title is typed in capitals. If the film itself is not written so, write it as a title.")


@rule("name-in-capitals", WARNING, gettext_lazy("Name in capitals"), "credits")
def name_in_capitals(facts: FilmFacts):
    names = {credit.printed_name: None for credit in facts.credits}
    loud = [name for name in names if shouts(name, long_words=1)]
    if loud:
        shown = ", ".join(loud[:3]) + (" …" if len(loud) > 3 else "")
        yield _("Typed in capitals among the credits: %(names)s.") % {"names": shown}


@rule("original-title-repeats", HINT, gettext_lazy("Original title equal to the title"), "original_title")
def original_title_repeats(facts: FilmFacts):
    if facts.film.original_title and not facts.film.shown_original_title:
        yield _("The original title says the same as the title, so the page leaves it out. Clear it.")


@rule("runtime-implausible", WARNING, gettext_lazy("Runtime implausible"), "runtime")
def runtime_implausible(facts: FilmFacts):
    film, minutes = facts.film, facts.film.runtime
    if not minutes or not facts.is_work:
        return
    if film.kind == Film.Kind.SHORT and minutes > LONGEST_SHORT:
        yield _("%(minutes)d minutes is long for a short. Is the kind right, or the runtime?") % {"minutes": minutes}
    elif minutes > LONGEST_FILM:
        yield _("%(minutes)d minutes is more than six hours. Is the runtime in minutes?") % {"minutes": minutes}


@rule("feature-is-short", HINT, gettext_lazy("Short entered as a film"), "kind")
def feature_is_short(facts: FilmFacts):
    minutes = facts.film.runtime
    if facts.film.kind == Film.Kind.FILM and minutes and minutes < SHORTEST_FEATURE:
        yield _("At %(minutes)d minutes it is a short rather than a film.") % {"minutes": minutes}


@rule("runtime-under-its-films", WARNING, gettext_lazy("Programme shorter than its films"), "runtime")
def runtime_under_its_films(facts: FilmFacts):
    together = sum(part.runtime or 0 for part in facts.parts)
    if facts.film.runtime and facts.film.runtime < together:
        yield _("Its films last %(together)d minutes together, the programme only %(minutes)d.") % {
            "together": together,
            "minutes": facts.film.runtime,
        }


@rule("year-odd", WARNING, gettext_lazy("Year implausible"), "year")
def year_odd(facts: FilmFacts):
    year, this_year = facts.film.year, facts.film.edition.year
    if year and not FIRST_FILM_EVER <= year <= this_year + 1:
        yield _("The year %(year)d cannot be right for a film shown in %(this_year)d.") % {
            "year": year,
            "this_year": this_year,
        }


@rule("several-in-one-name", HINT, gettext_lazy("Several people in one name"), "credits")
def several_in_one_name(facts: FilmFacts):
    for name in {credit.name: None for credit in facts.credits}:
        if " and " in name.lower() and re.search(r"\w+ \w+ and \w+ \w+", name, re.I):
            yield _("“%(name)s” reads like several people in one row. Each has a row, and a page, of their own.") % {
                "name": name
            }


@rule("person-twice", WARNING, gettext_lazy("One name, two people"), "credits")
def person_twice(facts: FilmFacts):
    people, names = defaultdict(set), {}
    for credit in facts.credits:
        people[credit.folded_name].add(credit.person)
        names.setdefault(credit.folded_name, credit.name)
    for folded, pks in people.items():
        if len(pks) > 1:
            yield _("“%(name)s” stands in the credits as two different people, each with a page.") % {
                "name": names[folded]
            }


@rule("entered-twice", HINT, gettext_lazy("Perhaps entered twice"), "title")
def entered_twice(facts: FilmFacts):
    film = facts.film
    for _pk, kind, year in facts.namesakes:
        if kind == film.kind and (year == film.year or not year or not film.year):
            yield _("Another film of this edition has this title. Was it entered twice?")
            return


@rule("address-odd", HINT, gettext_lazy("Address without words"), "slug")
def address_odd(facts: FilmFacts):
    if re.fullmatch(r"film(-\w*\d+)?|\d+", facts.film.slug) and fold(facts.film.title) != facts.film.slug:
        yield _("Its address, “%(slug)s”, has no word of its title. A romanised title makes one that can be read.") % {
            "slug": facts.film.slug
        }


@rule("markup-in-text", WARNING, gettext_lazy("HTML in a text"), "synopsis")
def markup_in_text(facts: FilmFacts):
    for text in (facts.film.title, facts.film.blurb, facts.film.synopsis):
        if piece := markup_in(text):
            yield _(
                "The page shows “%(piece)s” as it stands: emphasis is written *so*, and a link [so](https://…)."
            ) % {"piece": piece}
            return


@rule("placeholder-text", WARNING, gettext_lazy("Words to be filled in"), "synopsis")
def placeholder_text(facts: FilmFacts):
    for text in (facts.film.blurb, facts.film.synopsis, facts.film.guest_note):
        if words := placeholder_in(text):
            yield _("“%(words)s” still stands in a text that the audience reads.") % {"words": words}
            return


@rule("details-are-there", HINT, gettext_lazy("Announced, yet “details to be announced”"), "tba")
def details_are_there(facts: FilmFacts):
    film = facts.film
    if film.tba and film.kind != Film.Kind.SECRET and film.synopsis and film.runtime and film.still_key:
        yield _("The page still says that more is to come, though synopsis, runtime and still are there.")


@rule("secret-told", ERROR, gettext_lazy("A secret told"), "title")
def secret_told(facts: FilmFacts):
    film = facts.film
    if film.kind != Film.Kind.SECRET or not film.stands_for:
        return
    secret = fold(film.stands_for.title)
    told = (film.title, film.slug.replace("-", " "), film.blurb, film.synopsis, film.guest_note, film.still_alt)
    if len(secret) >= 4 and any(re.search(rf"\b{re.escape(secret)}\b", fold(text)) for text in told):
        yield _("The placeholder names the film it stands for, “%(title)s”.") % {"title": film.stands_for.title}


# What does not agree with its screenings


@rule("premiere-without-screening", WARNING, gettext_lazy("Premiere without a screening"), "premiere", missing=True)
def premiere_without_screening(facts: FilmFacts):
    if facts.film.premiere and not facts.showings and not facts.edition_is_over:
        yield _("It is announced as a %(premiere)s and has no screening.") % {
            "premiere": facts.film.get_premiere_display()
        }


@rule("premiere-without-badge", WARNING, gettext_lazy("Premiere at no screening"), "premiere", missing=True)
def premiere_without_badge(facts: FilmFacts):
    if facts.film.premiere and facts.showings and not any(showing.is_premiere for showing in facts.showings):
        yield _("None of its screenings is marked as the %(premiere)s.") % {
            "premiere": facts.film.get_premiere_display()
        }


@rule("premiere-twice", ERROR, gettext_lazy("Premiere at several screenings"), "premiere")
def premiere_twice(facts: FilmFacts):
    premieres = sum(showing.is_premiere for showing in facts.showings)
    if facts.film.premiere and premieres > 1:
        yield _("%(count)d screenings are marked as the %(premiere)s; only the first one is.") % {
            "count": premieres,
            "premiere": facts.film.get_premiere_display(),
        }


@rule("public-too-late", ERROR, gettext_lazy("Embargo after the first screening"), "state")
def public_too_late(facts: FilmFacts):
    first = facts.showings[0].starts_at if facts.showings else None
    if first and facts.public_from and facts.public_from > first and not facts.is_unfinished:
        zone = facts.film.edition.zone
        yield _("It becomes public on %(public)s, after its first screening has begun (%(first)s).") % {
            "public": date_format(facts.public_from.astimezone(zone), "j F Y, H:i"),
            "first": date_format(first.astimezone(zone), "j F Y, H:i"),
        }


@rule("unclassified", WARNING, gettext_lazy("Not classified, and no rule for that"), "classifications", missing=True)
def unclassified(facts: FilmFacts):
    for jurisdiction in _without_class(facts):
        if not facts.schemes[jurisdiction]:
            yield _("It has no class in %(place)s, and no rule there says who may see it.") % {"place": jurisdiction}


@rule("partly-classified", HINT, gettext_lazy("Partly classified"), "parts")
def partly_classified(facts: FilmFacts):
    for jurisdiction in _without_class(facts):
        if facts.classed.get(jurisdiction):
            yield _(
                "Some of its films have a class in %(place)s and some have none: all of it counts as unclassified."
            ) % {"place": jurisdiction}


def _without_class(facts: FilmFacts) -> list[str]:
    if facts.film.kind == Film.Kind.EVENT:
        return []
    shown = {part.pk for part in facts.parts} or {facts.film.pk}
    places = sorted({showing.jurisdiction for showing in facts.showings} & facts.schemes.keys())
    return [place for place in places if not is_classified(facts.film.pk, shown, facts.classed.get(place, set()))]
