/*
description: The last evidence of every reading is a row of marts.evidence of its own data set; only a period without any has none.
severity: error
*/
SELECT d.dataset, d.a, d.b, d.indicator, d.evidence_kind, d.evidence_id
FROM marts.dyad_dashboard d
LEFT JOIN marts.evidence e ON e.kind = d.evidence_kind AND e.id = d.evidence_id AND e.dataset = d.dataset
WHERE d.evidence_id IS NOT NULL AND e.id IS NULL
