"""The bodies of the longer commands: what they read, what they print, their exit status."""
