/*
description: Every pair of our own coding shows the sentence behind its newest event, and the sentence holds the event's trigger.
severity: error
*/
SELECT a, b, event_id, sentence_start, sentence_end, start_char, end_char
FROM marts.dyad_current
WHERE dataset = 'faultline' AND (sentence_text IS NULL OR start_char < sentence_start OR start_char >= sentence_end)
