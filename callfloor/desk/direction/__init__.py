"""Mission to targets: the tree that everybody's figures hang on."""
