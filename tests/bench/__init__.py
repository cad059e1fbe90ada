"""What a year costs: the pipeline beside a plain recount, each in a process of its own.

`python -m tests.bench.year` runs it all. Belongs here: measuring. That the results are right is
asserted on the way, by comparing them with the recount, and tested elsewhere.
"""
