"""The voices: one file for each way out, all behind one contract."""
