"""The stream processors: intake and dispatch on Faust, the desk over the bus."""
