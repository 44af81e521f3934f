/*
description: The band lies around the tension share.
severity: error
*/
SELECT a, b, month, tension_low, tension, tension_high
FROM marts.dyad_month
WHERE tension_low > tension OR tension > tension_high
