"""Levels of progress as two bytes each in place of JSON; everything is converted where it stands."""

from django.db import migrations

import interviews.models.levels

PACK = """
CREATE FUNCTION pg_temp.packed(jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(
        string_agg(
            int2send(coalesce(round((level #>> '{}')::numeric * 100), -1)::int2), ''::bytea ORDER BY place
        ),
        ''::bytea
    )
    FROM jsonb_array_elements($1) WITH ORDINALITY AS one(level, place)
$$;
ALTER TABLE interviews_attemptscore ALTER COLUMN levels TYPE bytea USING pg_temp.packed(levels);
DROP FUNCTION pg_temp.packed(jsonb);
"""
UNPACK = """
CREATE FUNCTION pg_temp.unpacked(bytea) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(
        jsonb_agg(CASE WHEN number <= 400 THEN trim_scale(number / 100.0) END ORDER BY place), '[]'::jsonb
    )
    FROM (
        SELECT place, get_byte($1, 2 * place) * 256 + get_byte($1, 2 * place + 1) AS number
        FROM generate_series(0, length($1) / 2 - 1) AS place
    ) AS one
$$;
ALTER TABLE interviews_attemptscore ALTER COLUMN levels TYPE jsonb USING pg_temp.unpacked(levels);
DROP FUNCTION pg_temp.unpacked(bytea);
"""


class Migration(migrations.Migration):
    dependencies = [("interviews", "0012_guest_renamed")]

    operations = [
        migrations.RunSQL(
            PACK,
            UNPACK,
            state_operations=[
                migrations.AlterField(
                    "attemptscore", "levels", interviews.models.levels.LevelsField(default=list)
                )
            ],
        )
    ]
