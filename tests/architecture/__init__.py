"""Rules of style and structure, each proved by a good and a bad example and then applied to all."""
