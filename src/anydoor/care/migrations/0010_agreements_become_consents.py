"""What was agreed at handovers becomes consent, and reasons for going without become their own record.

Who may see what is narrower now: the stored sights are marked as run out, so that the next sweep works each
of them out anew.
"""

from django.db import migrations

SLICES = "ARRAY['contact', 'needs', 'story', 'measures', 'record']::varchar(10)[]"
FORWARD = f"""
INSERT INTO people_consent (
    person_id, family_id, purpose, breadth, organisation_id, service_id, to_words, slices, state,
    given_by, given_as, how, words, at, judged_words, recorded_by_id, recorded_at, ended_by, ended_words)
SELECT DISTINCT ON (h.person_id, h.service_id)
    h.person_id, h.family_id, 'help', 'service', s.organisation_id, s.id, left(s.name, 200), {SLICES},
    'given', coalesce(nullif(h.agreed_by, ''), 'The family'), 'self', 'together', h.agreed_words,
    h.agreed_at, '', h.from_user_id, h.proposed_at, '', ''
FROM care_handover h JOIN directory_service s ON s.id = h.service_id
WHERE h.agreement = 'agreed'
ORDER BY h.person_id, h.service_id, h.agreed_at DESC;

INSERT INTO people_sharedwithout (
    person_id, family_id, breadth, organisation_id, service_id, to_words, authority, reason,
    decided_with, family_told, at, recorded_by_id)
SELECT h.person_id, h.family_id, 'service', s.organisation_id, s.id, left(s.name, 200), 'child_safety',
    h.sharing_reason, '', '', h.proposed_at, h.from_user_id
FROM care_handover h JOIN directory_service s ON s.id = h.service_id
WHERE h.agreement = 'reason';

UPDATE care_sight SET until = '2000-01-01';
"""  # noqa: S608  # our own words


class Migration(migrations.Migration):
    dependencies = [("care", "0009_seals_and_narrower_sight")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
