"""The evidence and a comparison of the Anting study, packed and run again elsewhere: the same bytes."""

import zipfile

import pytest

from accessibility.messages import language, set_language
from accessibility.sources.study_file import read_study
from accessibility.studies.archiving.pack import archive_study
from accessibility.studies.archiving.verify import verify_archive
from accessibility.studies.comparing.files import CompareOptions, compare_files
from accessibility.studies.data_folder import data_folder
from accessibility.studies.evidence.files import evidence_study

pytestmark = pytest.mark.golden


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    before = language()
    set_language("zh")
    home = tmp_path_factory.mktemp("packed")
    anting = data_folder() / "anting"
    evidence_study(read_study(anting), home / "words")
    scenario = anting / "scenarios" / "shuttle_fengbang.toml"
    compare_files(anting / "study.toml", [scenario], CompareOptions(period="offpeak"), out=home / "shuttle")
    made = archive_study(anting, [home / "words", home / "shuttle"], home / "anting.zip")
    yield made
    set_language(before)


def test_evidence_and_comparison_come_out_again_byte_for_byte(packed, tmp_path):
    """Asked in another language, verified in that of the result."""
    set_language("en")
    found = verify_archive(packed.path, out=tmp_path / "again")

    assert [check for check in found.checks if check.state != "same"] == []
    assert {check.file.split("/")[1] for check in found.checks} == {"words", "shuttle"}
    assert found.environment == ()
    held = {
        p.relative_to(tmp_path / "again" / "packed").as_posix() for p in (tmp_path / "again").rglob("*.toml")
    }
    scenarios = {name for name in held if "scenarios/" in name}
    assert "study/scenarios/shuttle_fengbang.toml" in scenarios, "of a result"
    assert "study/scenarios/line14_west_metro.toml" in scenarios, "of a claim"


def test_the_archive_is_small_and_names_no_folder_of_this_computer(packed):
    assert packed.path.stat().st_size < 4_000_000
    with zipfile.ZipFile(packed.path) as archive:
        assert not [name for name in archive.namelist() if str(data_folder()).encode() in archive.read(name)]
