/*
description: Every figure of marts.attack_claim_gap has rows behind it that exist, coded counts or reports of incidents; none without a figure.
severity: error
*/
WITH behind AS (
    SELECT perpetrator, month, unnest(self_claim_count_ids) AS id FROM marts.attack_claim_gap
    UNION ALL
    SELECT perpetrator, month, unnest(other_count_ids) FROM marts.attack_claim_gap
)

SELECT b.*
FROM behind b
LEFT JOIN core.current_attack_counts c ON c.count_id = b.id
LEFT JOIN core.current_incidents i ON i.incident_id = b.id
WHERE c.count_id IS NULL AND i.incident_id IS NULL
