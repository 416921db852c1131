"""The words of a bulletin: templates, labels, moments and the direction of writing. Pure."""
