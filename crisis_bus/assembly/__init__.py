"""The only place where real things are built and joined: one file for each process, and one for one machine."""
