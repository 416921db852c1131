"""The Common Alerting Protocol: a tolerant reader, and what an alert says to the desk."""
