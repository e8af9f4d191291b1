"""Tests of the shared workplaces."""
