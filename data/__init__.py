"""The border with the outside world: readers, validation, the store, boundaries and the demo city."""
