"""
Keys: the files of a centre, what is done with a key, and the keys of subjects.

    files    the centre's own keys, made at the first start
    crypt    wrapping, encrypting, blind indexes: bytes in, bytes out
    ring     one key per customer and person, kept wrapped in keys.db

Refuses: to give a key to anybody who only writes (floor and media hold the public key).
"""
