"""
Cases: matters of customers with a number, an owner, a clock and a history.

What happened is kept as events that nobody changes; how a case stands is their fold.
Refuses: to know a channel. What was said on it hangs on as interactions.
"""
