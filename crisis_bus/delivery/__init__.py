"""From the outbox to the destinations: order, retries, receipts."""
