"""Papers a municipality needs, made from the settings and the code's own tables so that they stay true."""
