"""axe-core, the accessibility checker: fetched once from npm by `make test`, then run inside a page."""

import json
import shutil
import subprocess
from pathlib import Path

VERSION = "4.14.1"
FOLDER = Path(__file__).resolve().parent.parent.parent / ".run" / "axe"
PACKAGE = FOLDER / "node_modules" / "axe-core"

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def missing() -> str:
    """Why axe-core cannot run, or "" when it can."""
    if not (PACKAGE / "axe.min.js").exists():
        return f"axe-core is not in {FOLDER} (`make test` puts it there, with npm)"
    return ""


def install() -> None:
    """Puts the pinned version into .run/axe unless it is there; without npm or off line it stays missing."""
    npm = shutil.which("npm")
    if npm is None or _installed_version() == VERSION:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*command, "--prefix", FOLDER, f"axe-core@{VERSION}"], stdout=subprocess.DEVNULL)


def _installed_version() -> str:
    try:
        return json.loads((PACKAGE / "package.json").read_text())["version"]
    except FileNotFoundError:
        return ""


def violations(page) -> list[str]:
    """What axe finds wrong in a page, one sentence for each rule broken."""
    if not page.evaluate("matchMedia('(scripting: enabled)').matches"):
        raise ValueError("axe-core needs a page with JavaScript; without, it would wait for ever.")
    page.evaluate("document.fonts.ready.then(() => null)")
    if not page.evaluate("'axe' in window"):
        page.evaluate((PACKAGE / "axe.min.js").read_text() + ";0")
    run = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}\n{_places(rule)}"
        for rule in page.evaluate(run, RULES)["violations"]
    ]


def _places(rule: dict) -> str:
    return "\n".join(f"    {node['html'][:200]}" for node in rule["nodes"])
