"""Everything that touches Kafka itself: nothing else imports aiokafka."""
