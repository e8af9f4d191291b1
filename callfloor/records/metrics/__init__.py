"""
The catalogue of figures: what each means, how it is computed, and which interactions are behind it.

One road to a number: every page, report and target asks here.
"""
