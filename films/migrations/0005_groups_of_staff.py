from django.db import migrations

from films.roles import BOX_OFFICE, PROGRAMMERS, TRAINEES, grant

WORDS = ["films.country", "films.language", "films.genre", "films.warningkind", "films.creditrole"]
RULES = ["films.classificationscheme", "films.classification", "films.unclassifiedrule"]
HOUSES = ["venues.venue", "venues.room", "venues.licence", "venues.traveltime"]
PEOPLE = ["people.person", "people.filmographyentry"]
ROWS_OF_A_FILM = [
    "films.credit",
    "films.filmcountry",
    "films.quote",
    "films.contentwarning",
    "films.filmclassification",
    "films.programmepart",
]
SCREENINGS = ["films.screening", "films.screeningfilm", "films.screeningguest", "films.accessfeature"]
PROGRAMME = [
    "films.edition",
    "films.series",
    "films.film",
    *ROWS_OF_A_FILM,
    *SCREENINGS,
    *PEOPLE,
    *HOUSES,
    *WORDS,
    *RULES,
]


def to(actions: str, models: list[str]) -> list[str]:
    split = [model.split(".") for model in models]
    return [f"{app}.{action}_{model}" for app, model in split for action in actions.split()]


SEE_ALL = to("view", [*PROGRAMME, "films.statuschange"])
MAY = {
    PROGRAMMERS: [*SEE_ALL, *to("add change delete", PROGRAMME), "films.publish_film", "films.set_status"],
    BOX_OFFICE: [*SEE_ALL, "films.set_status"],
    TRAINEES: [
        *SEE_ALL,
        *to("add change", ["films.film", "people.person"]),
        *to("add change delete", [*ROWS_OF_A_FILM, "people.filmographyentry"]),
    ],
}


def make_groups(apps, schema_editor) -> None:
    for name, codenames in MAY.items():
        grant(apps, name, codenames)


class Migration(migrations.Migration):
    dependencies = [
        ("films", "0004_who_may_publish_and_set_status"),
        ("people", "0001_initial"),
        ("venues", "0002_travel_times"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
