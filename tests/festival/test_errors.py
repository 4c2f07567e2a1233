import pytest
from django.test import Client

from festival.errors import server_error


def test_page_for_a_fault_of_ours_needs_no_database(rf):
    response = server_error(rf.get("/"))
    page = response.content.decode()
    assert response.status_code == 500
    assert "The film broke" in page
    assert "core.css" in page


@pytest.mark.parametrize("host", ["elsewhere.example", "a b", "[::1", "northlight.example:x"])
@pytest.mark.parametrize(("path", "says"), [("/", "This reel does not fit"), ("/fr/films/", "Cette bobine")])
def test_false_host_gets_a_page_that_does_not_repeat_it(client, settings, host, path, says):
    settings.ALLOWED_HOSTS = ["northlight.example"]
    response = client.get(path, headers={"host": host})
    page = response.content.decode()
    assert response.status_code == 400
    assert says in page
    assert host not in page


@pytest.mark.django_db
def test_a_form_from_before_another_login_is_refused_in_words_and_leads_back(admin_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    response = client.post("/admin/films/film/add/?kind=short", {"title": "Oy"})

    page = response.content.decode()
    assert response.status_code == 403
    assert "Nothing was saved. Somebody has logged in or out" in page
    assert '<a class="btn" href="/admin/films/film/add/?kind=short">Back to the form</a>' in page
