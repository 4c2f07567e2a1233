"""A programme in and out of the festival's database, as a folder of four CSV files (UTF-8, commas), a ZIP
of them, or one XLSX workbook with a sheet for each.

`venues.csv`, `films.csv`, `credits.csv` and `screenings.csv` refer to one another by the source's own keys; `columns`
names every column, those that must be there and those that may. `manage.py import_programme` is the way in.

What a row becomes, and what an import leaves alone:

- The source's name and the row's key identify it for ever (`SourceRow`); titles never do. People are recognised
  within their source by name, whatever its case.
- A refused row refuses the whole folder. A doubtful row is imported and reported.
- The source decides, so an edit made here is overwritten, and each overwritten value is reported, except:
  a field named in a film's or screening's `locked_fields` is kept; an empty cell empties nothing; a screening's start,
  room, occurrence and sales stay as a person set them until the source changes its own value.
- Rows that vanish from the source are flagged and reported, never deleted. Only credits are: one whose person comes
  from this source and whose row is gone.
"""

from films.interchange.importing import import_programme
from films.interchange.packages import BadPackage, package_at, uploaded_package
from films.interchange.report import Refused, Report

__all__ = ["BadPackage", "Refused", "Report", "import_programme", "package_at", "uploaded_package"]
