"""The tags of pages of the desk."""
