"""The filters and tags of every page."""
