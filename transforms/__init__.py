"""The core: pure functions over frozen records.

Nothing here opens a file, a socket or a database, reads the clock or draws a random number:
time, seeds and identity enter as arguments. Read `records` first; each stage has its own module.
"""
