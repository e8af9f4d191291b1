"""Who works here, with which skills and duties."""
