"""Queues, opening hours and flows of the centre's file, as pages show and change them."""
