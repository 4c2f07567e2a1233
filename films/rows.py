"""Related rows inside a query's own row, so that a page's number of queries does not grow with its content."""

from django.db.models import JSONField, QuerySet, Subquery
from django.db.models.functions import JSONObject


class Rows(Subquery):
    """A list of dictionaries, one for each row of `queryset`, in its order; `fields` maps keys to expressions.

        Film.objects.annotate(quote_rows=Rows(Quote.objects.filter(film=OuterRef("pk")), text="text"))

    JSON travels as text: dates and times arrive as strings.
    """

    output_field = JSONField()

    def __init__(self, queryset: QuerySet, **fields) -> None:
        super().__init__(queryset.values(row_json=JSONObject(**fields)))

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(
            compiler,
            connection,
            template="(SELECT json_group_array(json(row_json)) FROM (%(subquery)s) rows_)",
            **extra,
        )

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(
            compiler,
            connection,
            template="(SELECT COALESCE(jsonb_agg(row_json), '[]'::jsonb) FROM (%(subquery)s) rows_)",
            **extra,
        )
