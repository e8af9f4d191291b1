"""Tests of the look and the pieces of every page."""
