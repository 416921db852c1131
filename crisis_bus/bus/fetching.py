"""How long a broker may hold back the answer to a fetch when nothing is there."""

FETCH_WAIT_MS = 100
"""aiokafka has one fetch under way to a broker, and leaves out of it the partitions whose last records nobody has
taken for a moment: new records of those wait until that fetch is answered. So long waits make slow systems slower."""
