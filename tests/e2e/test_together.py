"""Two programmers on one film, each in a browser; and the way back to how it stood."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from films.models import Film, Quote
from tests.factories import FilmFactory, PersonFactory


@pytest.fixture
def film(transactional_db):
    film = FilmFactory(title="Salt Hours", synopsis="A boat goes out at night.", directors=[PersonFactory(name="Ada")])
    Quote.objects.create(film=film, text="As long as the tide.", source="The Harbour")
    return film


def editor(page_at, name: str, width: int = 1440, **options) -> Page:
    return page_at(width, user=User.objects.create_superuser(name.lower(), first_name=name), **options)


def form_of(film: Film) -> str:
    return reverse("admin:films_film_change", args=[film.pk])


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def look_at(page: Page, name: str, axe, screenshot, problems: list[str]) -> None:
    assert problems == []
    for width in (768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # The admin's links take a moment to change their colour.
            page.evaluate("Promise.all(document.getAnimations().map((some) => some.finished)).then(() => null)")
            axe(page)
            screenshot(page, f"{name}-{width}-{scheme}")
    problems.clear()  # axe-core measures with styles of its own, which the page's policy refuses.


def test_two_on_one_film_hear_of_each_other_and_lose_nothing(page_at, film, axe, screenshot, problems):
    ann, bo = editor(page_at, "Ann"), editor(page_at, "Bo")
    ann.goto(form_of(film))
    bo.goto(form_of(film))
    expect(bo.get_by_text("Ann has this open as well.")).to_be_visible()
    ann.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(ann.get_by_text("Bo has this open as well.")).to_be_visible()

    ann.get_by_label("Title:", exact=True).fill("Salt Days")
    ann.get_by_label("Blurb:").fill("A boat, a night, a harbour.")
    save(ann)
    expect(ann.locator(".messagelist .success")).to_be_visible()
    bo.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(bo.get_by_text("after you opened it. When you save, you will see both.")).to_be_visible()
    expect(bo.get_by_text("Ann has this open as well.")).to_have_count(0)

    bo.get_by_label("Title:", exact=True).fill("Salt Years")
    bo.get_by_label("Guest note:").fill("With Ada")
    save(bo)
    expect(bo.get_by_role("heading", name="Changed while you had this open: yours is not saved yet")).to_be_visible()
    expect(bo.get_by_role("group", name="Title", exact=True)).to_contain_text("Salt Days")
    expect(bo.get_by_label("Title:", exact=True)).to_have_value("Salt Years")
    expect(bo.get_by_label("Blurb:")).to_have_value("A boat, a night, a harbour.")
    expect(bo.get_by_label("Guest note:")).to_have_value("With Ada")
    look_at(bo, "together", axe, screenshot, problems)
    bo.get_by_role("radio", name="Theirs Salt Days").check()
    save(bo)
    expect(bo.locator(".messagelist .success")).to_be_visible()
    film.refresh_from_db()
    assert (film.title, film.blurb, film.guest_note) == ("Salt Days", "A boat, a night, a harbour.", "With Ada")


def test_without_javascript_the_second_to_save_is_asked_as_well(page_at, film):
    ann, bo = (editor(page_at, name, javascript=False) for name in ("Ann", "Bo"))
    ann.goto(form_of(film))
    bo.goto(form_of(film))
    expect(bo.get_by_text("Ann has this open as well.")).to_be_visible()
    for page, title in ((ann, "Salt Days"), (bo, "Salt Years")):
        page.get_by_label("Title:", exact=True).fill(title)
        save(page)
    expect(bo.get_by_role("group", name="Title", exact=True)).to_be_visible()
    save(bo)
    expect(bo.locator(".messagelist .success")).to_be_visible()
    film.refresh_from_db()
    assert film.title == "Salt Years"


def test_history_tells_what_changed_and_leads_back(page_at, film, axe, screenshot, problems):
    page = editor(page_at, "Ann")
    page.goto(form_of(film))
    page.get_by_label("Title:", exact=True).fill("Salt Days")
    page.get_by_label("Synopsis:").fill(
        "A boat goes out at noon, and nobody on the quay asks where it is bound or why."
    )
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(form_of(film))
    page.get_by_role("link", name="History").click()
    latest = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Ann")).first
    expect(latest).to_contain_text("Salt Hours")
    expect(latest).to_contain_text("Salt Days")
    look_at(page, "history", axe, screenshot, problems)
    page.get_by_role("link", name="Go back to how it stood then").first.click()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    look_at(page, "revert", axe, screenshot, problems)
    page.get_by_label("Why").fill("The old title was right")
    page.get_by_role("button", name="Yes, go back").click()
    expect(page.locator(".messagelist .success")).to_contain_text("stands again as it did then")
    film.refresh_from_db()
    assert (film.title, film.synopsis) == ("Salt Hours", "A boat goes out at night.")
