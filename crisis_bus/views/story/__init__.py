"""The story of one incident, told from the journal alone: what happened, and by which rule it had to."""
