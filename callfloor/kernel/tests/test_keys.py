"""Keys: files of a centre, what is done with a key, keys of subjects."""

import os
import stat
from datetime import UTC, datetime

import pytest

from callfloor.kernel.keys import crypt, files, ring
from callfloor.kernel.models import SubjectKey
from callfloor.wire import seal

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class TestFiles:
    def test_a_centres_keys_are_its_owners_alone(self, tmp_path):
        files.create(data=tmp_path)
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()
        }
        assert modes == {
            "centre.key": 0o600,
            "centre.pub": 0o600,
            "secret.key": 0o600,
            "token.key": 0o600,
        }

    def test_a_second_start_keeps_every_key(self, tmp_path):
        files.create(data=tmp_path)
        before = {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()}
        files.create(data=tmp_path)
        assert {p.name: p.read_bytes() for p in (tmp_path / "keys").iterdir()} == before

    def test_what_is_sealed_to_the_public_file_opens_with_the_private_one(self, tmp_path):
        files.create(data=tmp_path)
        public = (tmp_path / "keys" / "centre.pub").read_bytes()
        sealed = seal.seal(
            b"k" * 32, public_key=public, ephemeral_private=os.urandom(32), nonce=os.urandom(12)
        )
        private = files.read(data=tmp_path).private
        assert seal.unseal(sealed, private_key=private) == b"k" * 32


class TestCrypt:
    def test_a_value_opens_at_its_place(self):
        key = crypt.new_key()
        value = crypt.encrypt("Éva".encode(), key=key, bound="people.person.name:eva")
        assert crypt.decrypt(value, key=key, bound="people.person.name:eva") == "Éva".encode()
        assert "Éva".encode() not in value

    @pytest.mark.parametrize("spoil", ["place", "key", "byte", "version", "length"])
    def test_a_value_that_was_touched_does_not_open(self, spoil):
        key, bound = crypt.new_key(), "a.b.c:1"
        value = bytearray(crypt.encrypt(b"secret", key=key, bound=bound))
        if spoil == "place":
            bound = "a.b.c:2"
        elif spoil == "key":
            key = crypt.new_key()
        elif spoil == "byte":
            value[-1] ^= 1
        elif spoil == "version":
            value[0] = 9
        else:
            value = value[:8]
        with pytest.raises(crypt.Unreadable):
            crypt.decrypt(bytes(value), key=key, bound=bound)

    def test_the_blind_index_is_the_token_of_the_floor(self):
        # openssl dgst -sha256 -mac HMAC over "number:+36301234567", its first 16 bytes.
        index = crypt.blind_index(token_key=b"\x0b" * 32, kind="number", value="+36301234567")
        assert index == "bda2c264d93f029f27e8362f94925931"
        assert index != crypt.blind_index(token_key=b"\x0b" * 32, kind="name", value="+36301234567")

    def test_purposes_have_keys_of_their_own(self):
        assert crypt.derive(b"p" * 32, purpose="a") != crypt.derive(b"p" * 32, purpose="b")


@pytest.mark.usefixtures("data")
class TestRing:
    def test_each_subject_gets_one_key_and_keeps_it(self):
        first = ring.create(subjects=["customer:1", "customer:2"], now=NOW)
        again = ring.create(subjects=["customer:2", "customer:3"], now=NOW)
        assert first["customer:1"] != first["customer:2"]
        assert again["customer:2"] == first["customer:2"]
        assert ring.get(subjects=["customer:1", "nobody"]) == {"customer:1": first["customer:1"]}

    def test_keys_lie_wrapped(self):
        key = ring.create(subjects=["customer:1"], now=NOW)["customer:1"]
        assert key not in bytes(SubjectKey.objects.get(subject="customer:1").wrapped)

    def test_a_wrapped_key_of_another_subject_does_not_open(self):
        ring.create(subjects=["customer:1", "customer:2"], now=NOW)
        stolen = SubjectKey.objects.get(subject="customer:1").wrapped
        SubjectKey.objects.filter(subject="customer:2").update(wrapped=stolen)
        with pytest.raises(crypt.Unreadable):
            ring.get(subjects=["customer:2"])

    def test_a_destroyed_key_never_comes_back(self):
        ring.create(subjects=["customer:1"], now=NOW)
        ring.destroy(subject="customer:1", now=NOW)
        assert ring.get(subjects=["customer:1"]) == {}
        assert ring.create(subjects=["customer:1"], now=NOW) == {}

    def test_an_items_value_opens_with_its_own_key_only(self, data):
        public = (data / "keys" / "centre.pub").read_bytes()
        item_key = os.urandom(32)
        wrapped = seal.seal(
            item_key, public_key=public, ephemeral_private=os.urandom(32), nonce=os.urandom(12)
        )
        sealed = seal.encrypt_field(b'{"number": "+361"}', key=item_key, item="i", nonce=b"n" * 12)
        assert ring.item_key(wrapped) == item_key
        assert ring.item_value(sealed, key=item_key, item="i") == {"number": "+361"}
        assert ring.item_value(sealed, key=item_key, item="other") is None
        assert ring.item_key(wrapped[:-1]) is None
