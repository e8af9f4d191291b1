"""Scripts and guides: written, published, followed beside a contact, and measured."""
