"""A programmer at the desk: what is typed, moved, aimed and kept in the forms of the admin."""

import io

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from films.models import CreditRole, Film
from people.images import STILL, store_picture
from people.models import Person
from tests.factories import FilmFactory, PersonFactory, ScreeningFactory

ADD = "/admin/films/film/add/"


@pytest.fixture
def programmer(transactional_db):
    return User.objects.create_superuser("vera", password="northlight")


@pytest.fixture
def film(transactional_db):
    """With three directors, in an order that is not the alphabet's."""
    return FilmFactory(title="Salt Hours", directors=[PersonFactory(name=name) for name in ("Cleo", "Ada", "Ben")])


def form_of(film: Film) -> str:
    return reverse("admin:films_film_change", args=[film.pk])


def picture(width: int = 1600, colour: str = "navy") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, width * 9 // 16), colour).save(buffer, "PNG")
    return buffer.getvalue()


def chosen(content: bytes) -> dict:
    return {"name": "still.png", "mimeType": "image/png", "buffer": content}


def opened(page: Page, address: str) -> Page:
    page.goto(address, wait_until="load")
    # The scripts have done their part once the first of them shows.
    expect(page.locator(".prose-preview, .row-mover, .count").first).to_be_visible()
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def directors_of(film: Film) -> list[str]:
    return list(film.credits.in_order().values_list("person__name", flat=True))


def rows(page: Page) -> list[str]:
    return page.locator("#credits-group tr.has_original .select2-selection__rendered").all_inner_texts()


# Order


def test_credits_are_put_in_order_by_the_keyboard_and_it_is_said(page_at, programmer, film):
    page = opened(page_at(1440, user=programmer), form_of(film))
    up = page.get_by_role("button", name="Move Director, Ben up")
    up.focus()

    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="is now")).to_have_text("Director, Ben is now 2 of 4.")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("status").filter(has_text="is now 1")).to_have_text("Director, Ben is now 1 of 4.")
    expect(up).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("status").filter(has_text="further")).to_have_text("Director, Ben cannot go further.")
    save(page)

    assert directors_of(film) == ["Ben", "Cleo", "Ada"]


def test_credits_are_put_in_order_by_drag(page_at, programmer, film):
    page = opened(page_at(1440, user=programmer), form_of(film))
    grips = page.locator("#credits-group .row-grip")
    grips.nth(2).evaluate("grip => grip.scrollIntoView({ block: 'center' })")
    first, last = grips.nth(0).bounding_box(), grips.nth(2).bounding_box()

    page.mouse.move(first["x"] + 5, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(last["x"] + 5, last["y"] + 10, steps=6)
    page.mouse.move(last["x"] + 5, last["y"] + last["height"] + 12, steps=4)
    page.mouse.up()
    expect(page.get_by_role("status").filter(has_text="is now")).to_have_text("Director, Cleo is now 3 of 4.")
    save(page)

    assert directors_of(film) == ["Ada", "Ben", "Cleo"]


def test_credits_are_put_in_order_by_their_numbers_without_javascript(page_at, programmer, film):
    page = page_at(1440, javascript=False, user=programmer)
    page.goto(form_of(film))
    for row, position in enumerate(("3", "1", "2")):
        page.locator(f"#id_credits-{row}-position").fill(position)

    save(page)

    assert directors_of(film) == ["Ada", "Ben", "Cleo"]


def test_a_new_row_that_was_moved_and_taken_away_disturbs_nobody(page_at, programmer, film):
    page = opened(page_at(1440, user=programmer), form_of(film))
    page.locator("#credits-3 .row-step").first.click()
    page.locator("#credits-3 .row-step").first.click()
    page.locator("#credits-3 .inline-deletelink").click()
    expect(page.locator("#credits-3")).to_have_count(0)

    save(page)

    assert directors_of(film) == ["Cleo", "Ada", "Ben"]


# Words


def test_the_synopsis_is_shown_as_the_page_will_show_it(page_at, programmer, film):
    page = opened(page_at(1440, user=programmer), form_of(film))

    page.locator("#id_synopsis").fill("A *quiet* film by **Cleo**.\n\n<b>Nothing</b> more.")

    preview = page.get_by_role("region", name="As the page will show it")
    expect(preview.locator("em")).to_have_text("quiet")
    expect(preview.locator("strong")).to_have_text("Cleo")
    expect(preview).to_contain_text("<b>Nothing</b> more.")
    expect(page.locator(".field-synopsis .count")).to_have_text("7 words, 49 characters")


def test_a_blurb_that_is_too_long_is_counted_and_not_cut_off(page_at, programmer, film):
    page = opened(page_at(1440, user=programmer), form_of(film))
    count = page.locator(".field-blurb .count")

    page.locator("#id_blurb").fill("x" * 399)
    expect(count).to_have_text("1 characters left")
    page.locator("#id_blurb").fill("x" * 412)
    expect(count).to_have_text("12 characters too many")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".field-blurb .errorlist")).to_have_text(
        "Ensure this value has at most 400 characters (it has 412)."
    )
    expect(page.locator("#id_blurb")).to_have_value("x" * 412)


# Pictures


@pytest.fixture
def film_with_still(film):
    film.still_original, film.still_key = store_picture(ContentFile(picture()), STILL)
    film.still_alt = "A blue room"
    film.save()
    return film


def test_the_focal_point_is_set_on_the_picture_by_mouse_and_by_keyboard(page_at, programmer, film):
    page = opened(page_at(1440, user=programmer), form_of(film))
    page.locator("#id_still_upload").set_input_files(chosen(picture()))
    whole = page.locator(".picture-whole")
    expect(whole).to_be_visible()

    box = whole.bounding_box()
    whole.click(position={"x": box["width"] * 0.9, "y": box["height"] * 0.1})
    expect(page.locator("#id_still_focus")).to_have_value("top right")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="Left", exact=True)).to_be_focused()
    expect(page.locator("#id_still_focus")).to_have_value("left")
    page.locator("#id_still_alt").fill("A blue room")
    save(page)

    film.refresh_from_db()
    assert film.still_focus == "left"


def test_a_broken_picture_gets_a_sentence_and_what_was_typed_stays(page_at, programmer, film):
    page = opened(page_at(1440, user=programmer), form_of(film))
    page.locator("#id_synopsis").fill("A long text that nobody wants to type twice.")
    page.locator("#id_still_upload").set_input_files(chosen(picture()[:2000]))
    expect(page.locator(".picture-hint")).to_have_text(
        "This file cannot be read as a picture. Please choose a JPEG, PNG, WebP or AVIF file."
    )

    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".field-still_upload .errorlist")).to_have_text(
        "This picture is damaged or cut off and cannot be read. Please export it again."
    )
    expect(page.locator("#id_synopsis")).to_have_value("A long text that nobody wants to type twice.")


# What is typed is kept


def type_much(page: Page) -> None:
    page.locator("#id_synopsis").fill("A long text that nobody wants to type twice.")
    page.locator("#credits-group .add-row a").click()
    page.locator("#id_credits-4-role").select_option(label="Producer")
    page.locator("#id_credits-4-credited_as").fill("Dee")
    page.locator("#credits-2 .row-step").first.click()
    page.locator("#id_credits-0-DELETE").check()


def expect_much(page: Page) -> None:
    expect(page.locator("#id_synopsis")).to_have_value("A long text that nobody wants to type twice.")
    expect(page.locator("#id_credits-4-credited_as")).to_have_value("Dee")
    expect(page.locator("#id_credits-4-role")).to_have_value(str(CreditRole.objects.get(slug="producer").pk))
    expect(page.locator("#id_credits-0-DELETE")).to_be_checked()
    expect(page.locator("#credits-group tr.has_original .select2-selection__rendered")).to_have_text(
        ["Cleo", "Ben", "Ada"]
    )


def test_a_login_that_ran_out_loses_nothing_that_was_typed(page_at, programmer, film, problems):
    page = opened(page_at(1440, user=programmer), form_of(film))
    type_much(page)
    Session.objects.all().delete()

    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Username").fill("vera")
    page.get_by_label("Password").fill("northlight")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Open the form with what you typed").click()

    expect(page.locator(".errorlist.nonfield")).to_contain_text("Your login had run out")
    expect(page.locator(".desk-notice")).to_have_count(0)
    expect_much(page)
    problems.clear()  # The preview was refused when the login had run out.
    page.locator("#id_credits-4-role").select_option("")
    page.locator("#id_credits-4-credited_as").fill("")
    save(page)
    film.refresh_from_db()
    assert film.synopsis == "A long text that nobody wants to type twice."
    assert directors_of(film) == ["Ben", "Ada"]
    opened(page, form_of(film))
    expect(page.locator(".desk-notice")).to_have_count(0)


def test_what_was_left_unsaved_is_offered_when_the_form_opens_again(page_at, programmer, film):
    page = opened(page_at(1440, user=programmer), form_of(film))
    type_much(page)
    opened(page, "/admin/people/person/add/")

    opened(page, form_of(film))
    expect(page.locator(".desk-notice")).to_contain_text("was never saved")
    page.get_by_role("button", name="Bring it back").click()
    expect_much(page)


def test_leaving_with_unsaved_changes_asks_first(page_at, programmer, film):
    page = opened(page_at(1440, user=programmer), form_of(film))
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))

    page.locator("#id_blurb").press_sequentially("Half a thought")
    page.get_by_role("link", name="Home").click()
    expect(page.locator("#id_blurb")).to_have_value("Half a thought")
    page.wait_for_function("true")

    assert asked == ["beforeunload"]


def test_leaving_what_nobody_touched_asks_nothing(page_at, programmer, film):
    page = opened(page_at(1440, user=programmer), form_of(film))
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#id_blurb").press_sequentially("x")
    page.keyboard.press("Backspace")

    page.get_by_role("link", name="Home").click()

    expect(page).to_have_url("/admin/")
    assert asked == []


# Accessible


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [768, 1440])
def test_the_forms_are_accessible(page_at, axe, screenshot, programmer, film_with_still, scheme, width):
    film = film_with_still
    screening = ScreeningFactory(films=[film])
    page = page_at(width, scheme, user=programmer)
    for name, address in [
        ("film", form_of(film)),
        ("screening", reverse("admin:films_screening_change", args=[screening.pk])),
        ("person", reverse("admin:people_person_change", args=[Person.objects.get(name="Ada").pk])),
    ]:
        opened(page, address)
        screenshot(page, f"desk-{name}-{width}-{scheme}")
        axe(page)
