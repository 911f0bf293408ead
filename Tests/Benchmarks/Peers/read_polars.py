"""Reads a file of ratings with polars, on all cores. usage: read_polars.py FILE"""
import sys
from common import Clock, need

(polars,) = need("polars")
path = sys.argv[1]
is_csv = path.endswith(".csv")
clock = Clock()
for _ in range(6):
    clock.start()
    polars.read_csv(path, separator="," if is_csv else "\t", has_header=is_csv)
    clock.lap()
clock.report()
