"""THE AUDITOR: what can be checked from outside, without the rules' code: entries in, findings out."""
