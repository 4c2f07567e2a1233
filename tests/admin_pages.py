"""Filling in the admin's own forms as a browser does: from the page as it was sent."""

from html.parser import HTMLParser

from django.test import Client


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._select: dict | None = None
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs) -> None:
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "input" and name and attrs.get("type") not in ("submit", "file", "search"):
            if attrs.get("type") not in ("checkbox", "radio") or "checked" in attrs:
                unsaid = "on" if attrs.get("type") == "checkbox" else ""
                self.values.setdefault(name, []).append(attrs.get("value", unsaid))
        elif tag == "textarea" and name:
            self._textarea = name
            self.values[name] = [""]
        elif tag == "select" and name:
            self._select = {"name": name, "multiple": "multiple" in attrs, "first": None, "selected": []}
        elif tag == "option" and self._select:
            value = attrs.get("value", "")
            if self._select["first"] is None:
                self._select["first"] = value
            if "selected" in attrs:
                self._select["selected"].append(value)

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            # A browser drops the line break that Django writes after the opening tag.
            name, self._textarea = self._textarea, None
            self.values[name][0] = self.values[name][0].removeprefix("\r\n").removeprefix("\n")
        elif tag == "select" and self._select:
            chosen = self._select["selected"]
            if not chosen and not self._select["multiple"] and self._select["first"] is not None:
                chosen = [self._select["first"]]
            self.values[self._select["name"]] = chosen
            self._select = None


def fields_of(response) -> dict[str, list[str]]:
    """What a browser would send back of the page's form if nobody touched it."""
    parser = _Fields()
    parser.feed(response.content.decode())
    return {
        name: values
        for name, values in parser.values.items()
        if "__prefix__" not in name and name not in ("csrfmiddlewaretoken", "q")
    }


def fill_in(client: Client, url: str, typed: dict):
    """Open the form at `url`, type what is `typed` into it, and save."""
    return client.post(url, fields_of(client.get(url)) | typed)


def errors_of(response) -> dict[str, list[str]]:
    """The sentences at the fields of a form that came back; empty when it was saved."""
    if response.status_code == 302:
        return {}
    form = response.context["adminform"].form
    errors = {name: list(messages) for name, messages in form.errors.items()}
    for formset in response.context["inline_admin_formsets"]:
        for number, row in enumerate(formset.formset.errors):
            for name, messages in row.items():
                errors[f"{formset.formset.prefix}-{number}-{name}"] = list(messages)
        if formset.formset.non_form_errors():
            errors[formset.formset.prefix] = list(formset.formset.non_form_errors())
    return errors
