"""The Dash page, the command line and the briefings: thin fronts on the same services."""
