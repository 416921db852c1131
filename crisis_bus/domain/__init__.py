"""The words: frozen values, without I/O, clock or chance."""
