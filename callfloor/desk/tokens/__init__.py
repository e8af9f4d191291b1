"""
Tokens for programs: made by a person for himself, and revoked.

    pages   the list, making one, revoking one
    routes  their addresses
"""
