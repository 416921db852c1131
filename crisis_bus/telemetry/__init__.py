"""Logs, metrics and health: what the system says about itself."""
