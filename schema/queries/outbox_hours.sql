-- outbox_hours: deliveries that wait for working hours, not for another attempt, are looked at anew.  Writes: delivery.
UPDATE delivery SET next_at = now() WHERE state = 'waiting' AND attempts = 0 AND next_at > now()
