from festival.errors import server_error


def test_page_for_a_fault_of_ours_needs_no_database(rf):
    response = server_error(rf.get("/"))
    page = response.content.decode()
    assert response.status_code == 500
    assert "The film broke" in page
    assert "core.css" in page


def test_foreign_host_gets_a_plain_refusal(client, settings):
    settings.ALLOWED_HOSTS = ["northlight.example"]
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400
