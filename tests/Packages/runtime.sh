# The runtime packages: see below once they exist.
