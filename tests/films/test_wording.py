from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from films import wording


@pytest.mark.parametrize(
    ("amount", "currency", "english", "french"),
    [
        ("14", "CAD", "CA$14.00", "14,00\u00a0$CA"),
        ("1700.5", "GBP", "£1,700.50", "1\u202f700,50\u00a0£GB"),
        ("900", "JPY", "¥900", "900\u00a0JPY"),
        ("3", "XQQ", "XQQ3.00", "3,00\u00a0XQQ"),
    ],
)
def test_money_is_written_as_the_language_of_the_page_writes_it(amount, currency, english, french):
    assert wording.money(Decimal(amount), currency) == english
    with translation.override("fr"):
        assert wording.money(Decimal(amount), currency) == french


def test_first_of_a_month_has_a_form_of_its_own_in_french():
    first, second = date(2026, 12, 1), date(2026, 12, 2)
    assert [wording.day_of_month(day) for day in (first, second)] == ["1 Dec", "2 Dec"]
    with translation.override("fr"):
        assert [wording.day_of_month(day) for day in (first, second)] == ["1er déc.", "2 déc."]
