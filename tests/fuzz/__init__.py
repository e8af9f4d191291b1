"""What happens to a parser that is given everything: nothing but a PeerError."""
