"""The bytes: what travels on Kafka, and the catalogue of the topics on which it travels."""
