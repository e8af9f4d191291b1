"""What belongs to no single folder: the walls, whole journeys, faults."""
