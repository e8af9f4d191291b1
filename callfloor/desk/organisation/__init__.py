"""Who answers for what, who may what, and what is missing in a language."""
