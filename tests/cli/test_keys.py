"""`crisis-bus keys make`: the key is shown once, its hash is kept."""

import tomllib
from pathlib import Path
from typing import Any

from crisis_bus.gateway import keys


def test_the_key_is_shown_and_only_its_hash_is_kept(cli: Any, tmp_path: Path) -> None:
    ran = cli("keys", "make", "ncm-desk", "NCM.duty")

    path = tmp_path / ".crisis-bus" / "api-keys.toml"
    token = ran.out.strip()
    assert (0, True) == (ran.code, token.startswith("cb_"))
    assert token not in path.read_text()
    assert 0o600 == path.stat().st_mode & 0o777


def test_a_key_speaks_for_its_person_in_the_space_of_the_settings(cli: Any, tmp_path: Path) -> None:
    cli("keys", "make", "ncm-desk", "NCM.duty", "--scope", "read")

    (kept,) = tomllib.loads((tmp_path / ".crisis-bus" / "api-keys.toml").read_text())["keys"]
    assert ("ncm-desk", ["uae"], ["read"]) == (kept["id"], kept["spaces"], kept["scopes"])


def test_a_second_key_leaves_the_first_in_place(cli: Any, tmp_path: Path) -> None:
    cli("keys", "make", "one", "NCM.duty")

    cli("keys", "make", "two", "MOI.duty")

    loaded = keys.load((tmp_path / ".crisis-bus" / "api-keys.toml").read_text(), "api-keys.toml")
    assert ["one", "two"] == list(loaded.by_id)


def test_an_id_that_is_taken_is_refused_and_the_file_stays(cli: Any, tmp_path: Path) -> None:
    cli("keys", "make", "one", "NCM.duty")
    before = (tmp_path / ".crisis-bus" / "api-keys.toml").read_text()

    ran = cli("keys", "make", "one", "MOI.duty")

    assert (2, "") == (ran.code, ran.out)
    assert before == (tmp_path / ".crisis-bus" / "api-keys.toml").read_text()


def test_an_id_of_the_wrong_form_is_refused(cli: Any) -> None:
    ran = cli("keys", "make", "Bad Id", "NCM.duty")

    assert 2 == ran.code
    assert ran.err.startswith("crisis-bus: the key cannot be made: id: ")


def test_a_data_folder_that_cannot_be_is_named(cli: Any, tmp_path: Path) -> None:
    (tmp_path / ".crisis-bus").write_text("")

    ran = cli("keys", "make", "ncm-desk", "NCM.duty")

    assert (2, "") == (ran.code, ran.out)
    assert "crisis-bus: .crisis-bus/api-keys.toml: cannot be written: File exists\n" == ran.err
