"""Whether everything open is held by exactly one open account: counted over all rows, not taken on trust.

The ledger (`Holding`) is compared with the rows it speaks of, and the lead of each open family with the
ledger. Each count is one pass over what is open, whatever was closed long ago.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from anydoor.rules.pathway import OPEN_REFERRAL, EpisodeStage


@dataclass(frozen=True, slots=True)
class Holders:
    """How many referrals and episodes are open, and what is wrong with the holding of any of them.

    `without_holder`: open things with no holder in their row or none in the ledger. `with_two`: more than
    one in the ledger, or another than in the row. `families_without_lead`: open families whose lead holder
    is missing or holds nothing of theirs. `disabled_holders`: closed accounts that hold something.
    """

    open_referrals: int
    open_episodes: int
    without_holder: int
    with_two: int
    families_without_lead: int
    disabled_holders: int

    @property
    def all_well(self) -> bool:
        return not (
            self.without_holder or self.with_two or self.families_without_lead or self.disabled_holders
        )


COUNT = """
WITH open_thing AS (
    SELECT 'referral' AS kind, r.family_id, r.holder_id, r.holder_team_id, count(h.id) AS held,
           coalesce(bool_and((h.user_id, h.team_id, h.family_id) IS NOT DISTINCT FROM
               (r.holder_id, r.holder_team_id, r.family_id)) FILTER (WHERE h.id IS NOT NULL), true) AS agrees
    FROM care_referral AS r LEFT JOIN care_holding AS h ON h.referral_id = r.id AND h.to_at IS NULL
    WHERE r.stage = ANY(%(referral_stages)s) GROUP BY r.id
    UNION ALL
    SELECT 'episode', e.family_id, e.holder_id, e.holder_team_id, count(h.id),
           coalesce(bool_and((h.user_id, h.team_id, h.family_id) IS NOT DISTINCT FROM
               (e.holder_id, e.holder_team_id, e.family_id)) FILTER (WHERE h.id IS NOT NULL), true)
    FROM care_episode AS e LEFT JOIN care_holding AS h ON h.episode_id = e.id AND h.to_at IS NULL
    WHERE e.stage = %(episode_stage)s GROUP BY e.id
), open_family AS (
    SELECT DISTINCT family_id FROM open_thing
    UNION SELECT family_id FROM care_holding WHERE to_at IS NULL
), holder AS (
    SELECT DISTINCT holder_id FROM open_thing WHERE holder_id IS NOT NULL
    UNION SELECT user_id FROM care_holding WHERE to_at IS NULL
)
SELECT count(*) FILTER (WHERE kind = 'referral'),
       count(*) FILTER (WHERE kind = 'episode'),
       count(*) FILTER (WHERE held = 0 OR holder_id IS NULL OR holder_team_id IS NULL),
       count(*) FILTER (WHERE held > 1 OR NOT agrees),
       (SELECT count(*) FROM open_family AS f LEFT JOIN care_familycare AS c ON c.family_id = f.family_id
         WHERE c.lead_id IS NULL OR NOT c.is_open OR NOT EXISTS (
             SELECT 1 FROM care_holding AS h WHERE h.family_id = f.family_id AND h.to_at IS NULL
               AND h.user_id = c.lead_id AND h.team_id = c.lead_team_id)),
       (SELECT count(*) FROM holder JOIN access_user AS u ON u.id = holder.holder_id WHERE NOT u.is_active)
FROM open_thing
"""


def count_holders() -> Holders:
    """Count now, over everything."""
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT,
            {
                "referral_stages": sorted(stage.value for stage in OPEN_REFERRAL),
                "episode_stage": EpisodeStage.OPEN.value,
            },
        )
        return Holders(*cursor.fetchone())
