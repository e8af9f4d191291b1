"""A result as the twin gives it, small."""


def estimate(mean, half=0.0):
    """Give a mean with its limits."""
    return {"mean": mean, "low": mean - half, "high": mean + half}


def measures(level, *, offered=100.0):
    """Give a queue's measures for a service level."""
    return {
        "offered": estimate(offered, 5),
        "answered": estimate(90.0, 5),
        "abandoned": estimate(10.0, 2),
        "service_level": estimate(level, 0.03),
        "asa_seconds": estimate(25.0, 4),
        "abandon_rate": estimate(0.1, 0.02),
        "occupancy": estimate(0.7, 0.01),
    }


def variant(level):
    """Give one variant of the scene's centre."""
    return {
        "file": "centre.yaml",
        "days": 10,
        "seed": 1,
        "queues": {
            "billing": measures(level),
            "orders": measures(0.9),
            "zeta_help": measures(0.6),
        },
        "clients": {"acme": measures(level), "zeta": measures(0.6)},
        "languages": {"en": measures(level), "fa": measures(0.6)},
        "people": {
            "anna": {"occupancy": estimate(0.8, 0.02), "handled": estimate(40, 3)},
            "bela": {"occupancy": estimate(0.5, 0.02), "handled": estimate(30, 3)},
        },
        "centre": {**measures(level), "cost": estimate(1200.0, 10)},
        "fairness": {"occupancy_spread": estimate(0.1, 0.01)},
    }


def result():
    """Give a whole result: Billing is clearly worse, Orders is not clear, Zeta's is better."""
    return {
        **variant(0.8),
        "change": variant(0.68),
        "difference": {
            "billing": {"service_level": {**estimate(-0.12, 0.03), "clear": True}},
            "orders": {"service_level": {**estimate(0.004, 0.02), "clear": False}},
            "zeta_help": {"service_level": {**estimate(0.1, 0.02), "clear": True}},
        },
        "differences": {
            "clients": {"acme": {"service_level": {**estimate(-0.05, 0.01), "clear": True}}},
            "centre": {"cost": {**estimate(-100.0, 20.0), "clear": True}},
            "fairness": {"occupancy_spread": {**estimate(0.0), "clear": False}},
        },
        "currency": "EUR",
        "names": {"billing": {"en": "Billing"}, "orders": {"en": "Orders"}},
        "clients_of": {"billing": "acme", "orders": "acme", "zeta_help": "zeta"},
    }
