"""A programmer enters a whole film from nothing, by keyboard alone, and the world reads it."""

import io

import pytest
from django.contrib.auth.models import User
from PIL import Image
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from films.models import Country, Film, Genre, Language, Series, WarningKind
from people.models import Person
from tests.factories import EditionFactory, PersonFactory

SYNOPSIS = (
    "Kelly-Anne (**Juliette Gariépy**) is at the courthouse before it opens.\n\n"
    "In *Red Rooms*, **Pascal Plante** keeps his distance, and that is what frightens."
)
CREDITS = [
    ("Director", "Pascal Plante"),
    ("Cast", "Juliette Gariépy"),
    ("Cast", "Laurie Babin"),
    ("Cast", "Elisabeth Locas"),
    ("Cast", "Natalie Tannous"),
    ("Cast", "Pierre Chagnon"),
    ("Executive Producer", "Tim Ringuette"),
    ("Producer", "Dominique Dussault"),
    ("Screenwriter", "Pascal Plante"),
    ("Cinematography", "Vincent Biron"),
    ("Editor", "Jonah Malak"),
    ("Production Design", "Laura Nhem"),
    ("Original Music", "Dominique Plante"),
]


class Keyboard:
    """Hands that have no mouse: what is not reached by Tab is not reached."""

    def __init__(self, page: Page) -> None:
        self.page, self.press = page, page.keyboard.press

    def to(self, selector: str) -> None:
        for _step in range(80):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"{selector} is not reached by Tab")

    def type(self, selector: str, text: str) -> None:
        self.to(selector)
        self.page.keyboard.insert_text(text)

    def choose(self, selector: str, words: str) -> None:
        """In a menu: by the letters that its option begins with."""
        self.to(selector)
        self.page.keyboard.type(words)
        expect(self.page.locator(f"{selector} option:checked")).to_have_text(words)

    def complete(self, field: str, words: str) -> None:
        """In a field that completes what is typed."""
        many = self.page.locator(f"#id_{field}").get_attribute("multiple") is not None
        self.to(f"#id_{field} ~ .select2 {'.select2-search__field' if many else '.select2-selection'}")
        if not many:
            self.press("Enter")
        self.page.keyboard.type(words)
        option = self.page.locator(".select2-results__option--highlighted", has_text=words)
        expect(option).to_be_visible()
        self.press("Enter")
        expect(self.page.locator(f"#id_{field} ~ .select2 .select2-selection__rendered")).to_contain_text(words)

    def choose_file(self, selector: str, file) -> None:
        """Through the browser's own window of files, which a busy browser may have to be asked for twice."""
        for _try in range(3):
            self.to(selector)
            try:
                with self.page.expect_file_chooser(timeout=10_000) as chooser:
                    self.press("Enter")
            except PlaywrightTimeoutError:
                continue
            chooser.value.set_files(file)
            return
        raise AssertionError("No window of files opened")

    def add_in_passing(self, field: str, name: str) -> Page:
        """Open the window of a new person, and give the name."""
        self.to(f"#add_id_{field}")
        with self.page.expect_popup() as popup:
            self.press("Enter")
        popup.value.wait_for_load_state("load")
        window = Keyboard(popup.value)
        window.type("#id_name", name)
        window.send()
        return popup.value

    def send(self) -> None:
        """Enter in a window that may close by it, even before the key is up again."""
        try:
            self.press("Enter")
        except PlaywrightError as error:
            if "has been closed" not in str(error):
                raise

    def add_row(self, prefix: str) -> None:
        self.to(f"#{prefix}-group .add-row a")
        self.press("Enter")
        expect(self.page.locator(f".dynamic-{prefix}").last.locator(":focus")).to_have_count(1)


@pytest.fixture
def programmer(transactional_db):
    """With the words of a festival that has been going for years, and not one film or person."""
    EditionFactory(name="Northlight 2023")
    for word, names in [
        (Country, ["Canada"]),
        (Language, ["French"]),
        (Genre, ["Action & Suspense", "Drama"]),
        (WarningKind, ["Violence", "Sexual Violence"]),
    ]:
        for name in names:
            word.objects.create(name=name)
    Series.objects.create(name="Panorama")
    return User.objects.create_superuser("vera")


def chosen_still() -> dict:
    buffer = io.BytesIO()
    Image.new("RGB", (1600, 900), (150, 20, 20)).save(buffer, "JPEG")
    return {"name": "red-rooms.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def test_a_film_is_entered_from_nothing_by_keyboard_alone(page_at, programmer, screenshot):
    page = page_at(1440, user=programmer)
    # Whoever listens from the start misses no window of files, however busy the browser is.
    page.on("filechooser", lambda _chooser: None)
    page.goto("/admin/films/film/add/", wait_until="load")
    expect(page.locator(".prose-preview")).to_be_visible()
    keys = Keyboard(page)

    keys.type("#id_title", "Red Rooms")
    keys.type("#id_original_title", "Les Chambres Rouges")
    keys.type("#id_original_language", "fr")
    keys.to("input[name=state]")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.complete("series", "Panorama")
    keys.choose("#id_premiere", "North American Premiere")
    keys.type("#id_year", "2023")
    keys.type("#id_runtime", "118")
    keys.type("#id_blurb", "A trial, a front row, and someone who cannot look away.")
    keys.type("#id_language_line", "In French with English subtitles")
    keys.add_row("origins")
    keys.complete("origins-0-country", "Canada")
    keys.choose_file("#id_still_upload", chosen_still())
    expect(page.locator(".picture-whole")).to_be_visible()
    keys.choose("#id_still_focus", "Right")
    keys.type("#id_still_alt", "A figure in profile, lit red by a wall of screens.")
    keys.type("#id_synopsis", SYNOPSIS)
    expect(page.locator(".prose-preview em")).to_have_text("Red Rooms")
    quote(keys)
    keys.type("#id_guest_note", "October 2 & 4: Q&A with director Pascal Plante & crew")
    for row, kind in enumerate(["Violence", "Sexual Violence"]):
        keys.add_row("warnings")
        keys.choose(f"#id_warnings-{row}-kind", kind)
    for genre in ("Action & Suspense", "Drama"):
        keys.complete("genres", genre)
    keys.complete("languages", "French")
    for row, (role, name) in enumerate(CREDITS):
        if row:
            keys.add_row("credits")
        keys.choose(f"#id_credits-{row}-role", role)
        credit(keys, f"credits-{row}-person", name)
    screenshot(page, "desk-entered")
    keys.to("[name=_save]")
    keys.press("Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()

    film = Film.objects.get()
    assert list(film.credits.order_by("position").values_list("role__name", "person__name")) == CREDITS
    assert Person.objects.count() == len({name for _role, name in CREDITS})
    read(page_at(1440), film)


def quote(keys: Keyboard) -> None:
    keys.add_row("quotes")
    keys.type("#id_quotes-0-text", "A disturbingly brilliant psychological horror")
    keys.type("#id_quotes-0-source", "Deadline")


def credit(keys: Keyboard, field: str, name: str) -> None:
    """Somebody who is here is completed; anybody else is added in passing, and the keyboard is back in the field."""
    if Person.objects.filter(name=name).exists():
        keys.complete(field, name)
        return
    keys.add_in_passing(field, name)
    selected = keys.page.locator(f"#id_{field} ~ .select2 .select2-selection")
    expect(selected).to_contain_text(name)
    expect(selected).to_be_focused()


def read(page: Page, film: Film) -> None:
    """What the world finds on the page."""
    page.goto(film.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("Red Rooms")
    main = page.locator("#main")
    for words in (
        "Les Chambres Rouges", "North American Premiere", "Panorama", "Canada", "2023", "118 min",
        "In French with English subtitles", "A disturbingly brilliant psychological horror", "Deadline",
        "October 2 & 4: Q&A with director Pascal Plante & crew", "Sexual Violence", "Action & Suspense, Drama",
    ):  # fmt: skip
        expect(main).to_contain_text(words)
    expect(page.get_by_role("img", name="A figure in profile, lit red by a wall of screens.")).to_be_visible()
    expect(page.locator(".synopsis em")).to_have_text("Red Rooms")
    expect(page.locator(".credits dt").first).to_be_visible()
    for role, name in CREDITS[6:]:
        block = page.locator(".credits dl > div", has=page.get_by_text(role, exact=True))
        expect(block.locator("dd")).to_have_text(name)


def test_a_person_who_is_here_is_offered_and_taken_by_keyboard(page_at, programmer):
    person = PersonFactory(name="Pascal Plante")
    page = page_at(1440, user=programmer)
    page.goto("/admin/films/film/add/", wait_until="load")
    expect(page.locator(".prose-preview")).to_be_visible()
    keys = Keyboard(page)

    window = Keyboard(keys.add_in_passing("credits-0-person", "PASCAL PLANTE"))
    expect(window.page.locator(".field-namesake .errorlist")).to_have_text(
        "Somebody of that name is here already. Is it one of these?"
    )
    window.to("input[name=namesake]")
    window.press("Space")
    window.send()

    field = page.locator("#id_credits-0-person")
    expect(field).to_have_value(str(person.pk))
    expect(page.locator("#id_credits-0-person ~ .select2 .select2-selection")).to_be_focused()
    assert Person.objects.count() == 1
