"""
Money as people write it, and as minor units of the centre's currency, which is how it is kept.

Refuses: floating numbers, and to round: an amount finer than the currency is its author's mistake.
"""


def digits(currency: str) -> int | None:
    """Return how many digits a currency has after the point; None if there is none such."""
    from babel import numbers  # Takes 0.1 s to load, and a start that changed nothing needs none.

    if currency not in numbers.list_currencies():
        return None
    return numbers.get_currency_precision(currency)


def minor(text: str, *, digits: int) -> int | None:
    """Return an amount as `12.50` in minor units; None if it is finer than the currency."""
    whole, _, fraction = text.partition(".")
    if len(fraction.rstrip("0")) > digits:
        return None
    return int(whole) * 10**digits + int(fraction[:digits].ljust(digits, "0") or 0)
