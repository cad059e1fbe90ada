"""The whole job done with other tools, as one who knows them would do it.

Belongs here: the same exports, rules, pseudonyms and ten tables by pandas with pandera, and by
PySpark. Broken rows are kept with the rules that they break; ids that come again count once.
What the pipeline does besides is left out: it asks of files, not of rows, keeps a history, builds
again only what is stale, and publishes.
"""
