"""What is wrong now, whoever did the work and when.

Belongs here: questions to ledgers and release that Dagster's standing checks and `hotline status`
ask alike. Nothing is computed anew and nothing is changed.
"""
