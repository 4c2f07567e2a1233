"""What the whole code base keeps to, whoever writes in it."""

import ast
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
APPS = ("festival", "films", "people", "venues")
# festival → films → people, venues: who may import whom.
MAY_IMPORT = {
    "festival": {"films", "people", "venues"},
    "films": {"people", "venues"},
    "people": set(),
    "venues": set(),
}
TOP_LEVEL = {
    *APPS,
    "LICENSE",
    "Makefile",
    "README.md",
    "manage.py",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
    "static",
    "templates",
    "tests",
}
MAX_LINES = 400
# A script without src is data only when its type says so; the content security policy refuses the rest.
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
INLINE_SCRIPT = re.compile(
    r"<script\b(?![^>]*(\bsrc=|type=\"application/(ld\+)?json\"))|<[^>]*\son[a-z]+\s*=", re.IGNORECASE
)


def modules() -> list[Path]:
    return [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def imported_apps(path: Path) -> set[str]:
    """The project's own packages that a module imports, wherever in it and however."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.relative_to(ROOT)}:{node.lineno}: a relative import"
            names.add(node.module)
    return {name.split(".")[0] for name in names} & set(APPS)


def relative(paths) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("app", APPS)
def test_imports_flow_one_way(app):
    astray = {
        str(path.relative_to(ROOT)): sorted(wrong)
        for path in modules()
        if path.relative_to(ROOT).parts[0] == app and (wrong := imported_apps(path) - MAY_IMPORT[app] - {app})
    }
    assert astray == {}


def test_modules_stay_short():
    long = [path for path in modules() if len(path.read_text().splitlines()) > MAX_LINES]
    assert relative(long) == []


def test_top_level_has_only_what_belongs_there():
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().split()]
    entries = {
        entry.name
        for entry in ROOT.iterdir()
        if not entry.name.startswith(".") and not any(fnmatch(entry.name, pattern) for pattern in ignored)
    }
    assert entries - TOP_LEVEL == set()


@pytest.mark.django_db
def test_models_have_their_migrations():
    call_command("makemigrations", "--check", "--dry-run")


def test_env_example_names_every_setting():
    read = set(re.findall(r"\benv\.\w+\(\s*\"([A-Z_]+)\"", (ROOT / "festival" / "settings.py").read_text()))
    explained = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert explained == read


@pytest.mark.parametrize("pattern", [INLINE_STYLE, INLINE_SCRIPT], ids=["style", "script"])
def test_templates_have_nothing_inline(pattern):
    assert relative(path for path in templates() if pattern.search(path.read_text())) == []


def test_templates_named_with_an_underscore_are_partials():
    whole = re.compile(r"{%\s*extends\b|<html\b", re.IGNORECASE)
    pages = [path for path in templates() if path.name.startswith("_") and whole.search(path.read_text())]
    assert relative(pages) == []


def test_templates_include_only_partials():
    own = {path.relative_to(ROOT / "templates").as_posix() for path in templates()}
    for path in templates():
        included = set(re.findall(r"{%\s*include\s+[\"']([^\"']+)", path.read_text())) & own
        assert [name for name in included if not Path(name).name.startswith("_")] == [], path
