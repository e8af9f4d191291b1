"""The desk: state, offer, call, the customer's story, note and disposition."""
